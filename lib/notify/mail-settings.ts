import { ruleBroken } from "@/lib/errors";

type Env = Record<string, string | undefined>;

/** How mail is sent. */
export interface MailServer {
  host: string;
  port: number;
  /** TLS from the first byte. */
  secure: boolean;
  /** Plain text only with a server on this machine, and only when `?insecure` says so. */
  insecure: boolean;
  auth: { user: string; pass: string } | null;
  /** The address that mail comes from. */
  from: string;
}

/** `off`: nothing is configured, and people are told in the console alone. `wrong`: what must be mended. */
export type MailSettings =
  | { state: "off" }
  | { state: "wrong"; problem: string }
  | { state: "on"; server: MailServer };

const LOOPBACK: readonly string[] = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Reads `SLUICE_SMTP_URL` (`smtps://user:password@host:465`, or `smtp://…:587`, which must offer STARTTLS; `?insecure`
 * does without TLS, for a server on this machine) and `SLUICE_MAIL_FROM`. A problem never repeats the password.
 */
export function readMailSettings(env: Env = process.env): MailSettings {
  const text = env["SLUICE_SMTP_URL"]?.trim();
  if (!text) return { state: "off" };
  const wrong = (problem: string) => ({ state: "wrong" as const, problem });
  const url = URL.parse(text);
  if (url === null || !/^smtps?:$/.test(url.protocol) || url.hostname === "") {
    return wrong("SLUICE_SMTP_URL must be smtps://user:password@host:465 or smtp://user:password@host:587.");
  }
  const insecure = url.searchParams.has("insecure");
  if (insecure && !LOOPBACK.includes(url.hostname)) {
    return wrong("SLUICE_SMTP_URL may say ?insecure only for a mail server on this machine.");
  }
  const from = env["SLUICE_MAIL_FROM"]?.trim() ?? "";
  if (!isMailAddress(from)) return wrong("SLUICE_MAIL_FROM must be the e-mail address that mail comes from.");
  const auth = credentialsOf(url);
  if (auth === "unreadable") return wrong("User and password in SLUICE_SMTP_URL must be percent-encoded.");
  const secure = url.protocol === "smtps:";
  const port = Number(url.port || (secure ? 465 : 587));
  return {
    state: "on",
    server: { host: url.hostname.replace(/^\[|\]$/g, ""), port, secure, insecure, auth, from },
  };
}

/** Throws `mail-configured`, with what to do, where there is no way to send mail. */
export function assertMailConfigured(): void {
  const settings = readMailSettings();
  if (settings.state === "on") return;
  throw ruleBroken(
    "mail-configured",
    settings.state === "wrong" ? settings.problem : "No mail server is configured: set SLUICE_SMTP_URL.",
  );
}

function credentialsOf({ username, password }: URL): MailServer["auth"] | "unreadable" {
  if (username === "" && password === "") return null;
  try {
    return { user: decodeURIComponent(username), pass: decodeURIComponent(password) };
  } catch {
    return "unreadable";
  }
}

/** One plain address: nothing in it can end it and begin another, or a header. */
export function isMailAddress(text: string): boolean {
  return text.length <= 254 && /^[^\s@<>()[\]\\,;:"\p{Cc}]+@[^\s@<>()[\]\\,;:"\p{Cc}]+$/u.test(text);
}

/** Where the console is reached, for links: `SLUICE_URL`, else `NEXTAUTH_URL`, else this machine; no slash at the end. */
export function consoleUrl(env: Env = process.env): string {
  for (const name of ["SLUICE_URL", "NEXTAUTH_URL"]) {
    const url = URL.parse(env[name] ?? "");
    if (url && /^https?:$/.test(url.protocol)) return `${url.origin}${url.pathname}`.replace(/\/+$/, "");
  }
  return `http://localhost:${env["PORT"] ?? "3000"}`;
}
