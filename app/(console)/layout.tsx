import type { ReactNode } from "react";
import { pageContext } from "@/app/page-context";
import { ConsoleShell } from "@/components/shell/console-shell";
import { isSample } from "@/lib/access/installation";
import { countWaiting } from "@/lib/approvals/queries";
import { countNotices } from "@/lib/notify/queries";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const ctx = await pageContext();
  const { actor, db } = ctx;
  const me = { id: actor.id, name: actor.name, email: actor.email, roles: actor.roles };
  return (
    <ConsoleShell
      me={me}
      sample={await isSample(db)}
      waiting={(await countWaiting(ctx)).waiting}
      notices={await countNotices(ctx)}
    >
      {children}
    </ConsoleShell>
  );
}
