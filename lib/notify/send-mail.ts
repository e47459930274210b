import { createTransport } from "nodemailer";
import { isMailAddress, type MailServer } from "./mail-settings";
import type { MailText } from "./mail-text";

/** A connection to the mail server; made once, closed at the end. */
export interface Mailer {
  /** Sends one mail; throws when the server does not take it. `id` names the mail, the same at each attempt. */
  send(to: string, mail: MailText, id: string): Promise<void>;
  close(): void;
}

/** For each step of the talk with the server, and for all of it: less than the lease of a mail. */
const TIMEOUT_MS = 15_000;
const WHOLE_MS = 60_000;

/** Speaks SMTP: TLS from the first byte, or STARTTLS, which is required unless the server is this machine's. */
export function createMailer(server: MailServer, wholeMs: number = WHOLE_MS): Mailer {
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.secure,
    requireTLS: !server.secure && !server.insecure,
    ignoreTLS: server.insecure && !server.secure,
    ...(server.auth ? { auth: server.auth } : {}),
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = server.from.split("@").at(-1) ?? "localhost";
  return {
    send: async (to, mail, id) => {
      if (!isMailAddress(to))
        throw new Error("The address of the person is not one that mail can be sent to.");
      const sent = transport.sendMail({
        from: { name: "Sluice", address: server.from },
        to: { name: "", address: to },
        ...mail,
        messageId: `<${id}@${domain}>`,
        headers: { "Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All" },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      await within(sent, wholeMs);
    },
    close: () => transport.close(),
  };
}

/** A server that keeps talking without taking the mail would hold up all others. */
async function within(sent: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(() => fail(Object.assign(new Error("late"), { code: "ETIMEDOUT" })), ms);
  });
  sent.catch(() => {});
  await Promise.race([sent, late]).finally(() => clearTimeout(timer));
}

interface SmtpError {
  code?: string;
  responseCode?: number;
  command?: string;
  syscall?: string;
}

/** Why a mail was not taken, in words for an admin: codes and steps, never an address, a password or an answer's text. */
export function mailProblem(error: unknown): { problem: string; permanent: boolean } {
  const { code, responseCode, command, syscall } = (error ?? {}) as SmtpError;
  const permanent = code === "EENVELOPE" && (responseCode ?? 0) >= 500;
  const step = command && /^[A-Z ]{3,20}$/.test(command) ? ` at ${command}` : "";
  const known: Record<string, string> = {
    ECONNECTION: "The mail server cannot be reached.",
    ESOCKET: "The connection broke, or the certificate of the mail server is not trusted.",
    ETIMEDOUT: "The mail server did not answer in time.",
    EDNS: "The name of the mail server is not known.",
    ETLS: "The mail server offers no STARTTLS.",
    EAUTH: "The mail server does not accept the user and password.",
  };
  const words = syscall === "connect" ? known["ECONNECTION"] : code ? known[code] : undefined;
  if (words) return { problem: words, permanent };
  if (responseCode) return { problem: `The mail server answered ${responseCode}${step}.`, permanent };
  return { problem: "The mail could not be sent.", permanent };
}
