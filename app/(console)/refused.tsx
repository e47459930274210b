import { EmptyState } from "@/components/ui/empty-state";

/** Instead of a page that the viewer's roles do not open. */
export function Refused({ children }: { children: string }) {
  return <EmptyState title="Your roles do not open this page">{children}</EmptyState>;
}
