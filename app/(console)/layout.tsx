import type { ReactNode } from "react";
import { pageContext } from "@/app/page-context";
import { ConsoleShell } from "@/components/shell/console-shell";
import { isSample } from "@/lib/access/installation";

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const { actor, db } = await pageContext();
  const me = { id: actor.id, name: actor.name, email: actor.email, roles: actor.roles };
  return (
    <ConsoleShell me={me} sample={await isSample(db)}>
      {children}
    </ConsoleShell>
  );
}
