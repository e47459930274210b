import { KIND_RULES } from "./rules";
import type { NoticeKind } from "./schema";
import { oneLine } from "./words";

/** One line of a mail: what happened, and where. */
export interface MailItem {
  kind: string;
  title: string;
  /** A path of the console. */
  href: string;
}

export interface MailText {
  subject: string;
  text: string;
  html: string;
}

/** The subject of a mail over these notices: its own line for one, the count for many. */
export function mailSubject(items: readonly MailItem[], digest: boolean): string {
  const [first] = items;
  if (!first) return "Test mail from Sluice";
  if (items.length === 1) return oneLine(first.title);
  return digest
    ? `Sluice: ${items.length} notices of the day`
    : `Sluice: ${items.length} notices, ${kindTitle(first)}`;
}

/**
 * A mail in plain text and in simple HTML. One notice: its line and one link to the thing itself; several: one link to
 * the inbox under their lines. It holds references and names, never what people or models wrote.
 */
export function composeMail(
  items: readonly MailItem[],
  { subject, baseUrl }: { subject: string; baseUrl: string },
): MailText {
  const [first] = items;
  const link = `${baseUrl}${items.length === 1 && first ? first.href : items.length === 0 ? "/settings/mail" : "/inbox"}`;
  const lines =
    items.length === 0 ? ["Mail from this console reaches you."] : items.map(({ title }) => oneLine(title));
  const why = `You chose to be told of this by mail. Choose otherwise: ${baseUrl}/settings/notifications`;
  const list = lines.length === 1 ? lines : lines.map((line) => `- ${line}`);
  return {
    subject: oneLine(subject),
    text: `${list.join("\n")}\n\n${link}\n\n-- \n${why}\n`,
    html: [
      `<!doctype html><html lang="en"><body style="font-family:sans-serif;font-size:15px;line-height:1.5">`,
      lines.length === 1
        ? `<p>${escaped(lines[0] ?? "")}</p>`
        : `<ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join("")}</ul>`,
      `<p><a href="${escaped(link)}">${escaped(link)}</a></p>`,
      `<p style="color:#666;font-size:13px">${escaped(why)}</p></body></html>`,
    ].join(""),
  };
}

function kindTitle({ kind }: MailItem): string {
  return (KIND_RULES[kind as NoticeKind]?.title ?? kind).toLowerCase();
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
