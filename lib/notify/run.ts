import type { Ctx } from "@/lib/access/context";
import type { Outbound } from "@/lib/net/outbound";
import { composeMails } from "./compose-mails";
import { deliverMails } from "./deliver-mails";
import { deliverWebhooks } from "./deliver-webhooks";
import { consoleUrl, readMailSettings } from "./mail-settings";
import { createMailer, type Mailer } from "./send-mail";
import { tellOfEntries } from "./tell-of-entries";
import { tellOfHeldRequests } from "./tell-of-time";

type JobCtx = Pick<Ctx, "actor" | "db" | "now">;

/** How this process tells people, as its environment says. */
export function tellingOptions() {
  return { mail: readMailSettings().state === "on", baseUrl: consoleUrl() };
}

/** One turn of telling: from the audit log, of held requests, into mails. False when there was nothing to tell. */
export async function tellNext(ctx: JobCtx): Promise<boolean> {
  const options = tellingOptions();
  const told = await tellOfEntries(ctx, options);
  const held = await tellOfHeldRequests(ctx, options);
  const mailed = options.mail && (await composeMails(ctx));
  return told || held || mailed;
}

/** What takes notices out of the house, kept open between turns. */
export class Carrier {
  private readonly mailer: Mailer | null;

  constructor(private readonly outbound: Outbound) {
    const settings = readMailSettings();
    this.mailer = settings.state === "on" ? createMailer(settings.server) : null;
  }

  /** Sends the mails that are due; false when none was. */
  async carryMails(ctx: JobCtx): Promise<boolean> {
    return this.mailer !== null && deliverMails(ctx, this.mailer, { baseUrl: consoleUrl() });
  }

  /** Calls the webhooks that are due; false when none was. */
  carryWebhooks(ctx: JobCtx): Promise<boolean> {
    return deliverWebhooks(ctx, { outbound: this.outbound });
  }

  close(): void {
    this.mailer?.close();
    this.outbound.close();
  }
}
