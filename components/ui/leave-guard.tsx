"use client";

import { Button, Group, Modal, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useEffect, useState } from "react";

/** While `dirty`, asks before a link leaves the page. What was typed stays kept (`useKeptForm`) either way. */
export function LeaveGuard({ dirty }: { dirty: boolean }) {
  const router = useRouter();
  const [target, setTarget] = useState<string | null>(null);
  useEffect(() => {
    if (!dirty) return;
    const onClick = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
      if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
      const to = new URL(link.href);
      if (link.target || to.origin !== location.origin || to.pathname === location.pathname) return;
      event.preventDefault();
      event.stopPropagation();
      setTarget(to.pathname + to.search);
    };
    document.addEventListener("click", onClick, true);
    return () => document.removeEventListener("click", onClick, true);
  }, [dirty]);
  return (
    <Modal opened={target !== null} onClose={() => setTarget(null)} title="Leave this form?">
      <Text size="sm">
        It was not sent. What you typed is kept in this tab and offered when you come back.
      </Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={() => setTarget(null)} data-autofocus>
          Stay
        </Button>
        <Button onClick={() => target && router.push(target)}>Leave</Button>
      </Group>
    </Modal>
  );
}
