"use client";

import { Anchor, type AnchorProps, Button, type ButtonProps } from "@mantine/core";
import Link from "next/link";
import type { ReactNode } from "react";

/** A link within the console; also for server components, which cannot hand `Link` to Mantine themselves. */
export function LinkAnchor({
  href,
  children,
  ...rest
}: AnchorProps & { href: string; children: ReactNode; prefetch?: boolean }) {
  return (
    <Anchor component={Link} href={href} size="sm" {...rest}>
      {children}
    </Anchor>
  );
}

/** A link that looks like a button. */
export function LinkButton({ href, children, ...rest }: ButtonProps & { href: string; children: ReactNode }) {
  return (
    <Button component={Link} href={href} size="xs" {...rest}>
      {children}
    </Button>
  );
}
