import { type Ctx, requirePermission } from "@/lib/access/context";
import { cutPage } from "@/lib/db/keyset";
import type { Db, Prisma, Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { PERSON_REF } from "@/lib/people/refs";
import type { Page } from "@/lib/schema";
import { decodeIdCursor } from "./id-cursor";
import { consoleUrl, readMailSettings } from "./mail-settings";
import type { ListDeliveriesInput, NoticeKind } from "./schema";
import type { DeliveryState, MailSettingsView, MailView, WebhookDeliveryView, WebhookView } from "./views";

const ENDED = {
  waiting: { nextAttemptAt: { not: null } },
  dead: { deadAt: { not: null } },
} as const;

/** How mail is sent, and how much of it waits or was given up. */
export async function getMailSettings(ctx: Ctx): Promise<MailSettingsView> {
  requirePermission(ctx, "delivery:read");
  const [waiting, dead] = await Promise.all([
    ctx.db.mailDelivery.count({ where: ENDED.waiting }),
    ctx.db.mailDelivery.count({ where: ENDED.dead }),
  ]);
  const settings = readMailSettings();
  const server = settings.state === "on" ? settings.server : null;
  return {
    state: settings.state,
    problem: settings.state === "wrong" ? settings.problem : null,
    server: server && `${server.host}:${server.port}`,
    from: server?.from ?? null,
    encryption: server && (server.secure ? "TLS" : server.insecure ? "none" : "STARTTLS"),
    baseUrl: consoleUrl(),
    waiting,
    dead,
  };
}

/** Mails, newest first, a page at a time. */
export async function listMails(ctx: Ctx, input: ListDeliveriesInput): Promise<Page<MailView>> {
  requirePermission(ctx, "delivery:read");
  const before = cursorOf(input);
  const where: Prisma.MailDeliveryWhereInput =
    input.state === undefined ? {} : input.state === "done" ? { sentAt: { not: null } } : ENDED[input.state];
  const [rows, total] = await Promise.all([
    ctx.db.mailDelivery.findMany({
      where: { AND: [where, before] },
      orderBy: { id: "desc" },
      take: input.limit + 1,
      include: { person: PERSON_REF },
    }),
    ctx.db.mailDelivery.count({ where }),
  ]);
  const { items, nextCursor } = cutPage(rows, input.limit, ({ id }) => id);
  return {
    items: items.map(({ person, kind, subject, sentAt, ...row }) => ({
      person,
      kind,
      subject,
      ...standing({ ...row, doneAt: sentAt }),
    })),
    total,
    nextCursor,
  };
}

/** Webhook endpoints: those in use first, the newest first. */
export async function listWebhooks(ctx: Ctx): Promise<WebhookView[]> {
  requirePermission(ctx, "delivery:read");
  const rows = await ctx.db.webhookEndpoint.findMany({
    orderBy: [{ removedAt: { sort: "asc", nulls: "first" } }, { id: "desc" }],
  });
  const stats = await readStats(ctx.db);
  return rows.map((row) => toWebhookView(row, stats.get(row.id), ctx.now));
}

/** One of them; `not_found` otherwise. */
export async function getWebhook(ctx: Ctx, id: string): Promise<WebhookView> {
  requirePermission(ctx, "delivery:read");
  const row = await getEndpointRow(ctx.db, id);
  return toWebhookView(row, (await readStats(ctx.db)).get(id), ctx.now);
}

/** As it is stored; `not_found` for none. */
export async function getEndpointRow(db: Db | Tx, id: string) {
  const row = await db.webhookEndpoint.findUnique({ where: { id } });
  if (!row) throw new SluiceError("not_found", "There is no such webhook.");
  return row;
}

/** Deliveries to every endpoint or to one, newest first, a page at a time. */
export async function listWebhookDeliveries(
  ctx: Ctx,
  input: ListDeliveriesInput & { endpoint?: string | undefined },
): Promise<Page<WebhookDeliveryView>> {
  requirePermission(ctx, "delivery:read");
  const before = cursorOf(input);
  const where: Prisma.WebhookDeliveryWhereInput = {
    ...(input.endpoint === undefined ? {} : { endpointId: input.endpoint }),
    ...(input.state === undefined
      ? {}
      : input.state === "done"
        ? { deliveredAt: { not: null } }
        : ENDED[input.state]),
  };
  const [rows, total] = await Promise.all([
    ctx.db.webhookDelivery.findMany({
      where: { AND: [where, before] },
      orderBy: { id: "desc" },
      take: input.limit + 1,
      include: { endpoint: { select: { url: true } } },
    }),
    ctx.db.webhookDelivery.count({ where }),
  ]);
  const { items, nextCursor } = cutPage(rows, input.limit, ({ id }) => id);
  return {
    items: items.map(({ endpointId, endpoint, type, status, deliveredAt, ...row }) => ({
      endpointId,
      url: endpoint.url,
      type,
      status,
      ...standing({ ...row, doneAt: deliveredAt }),
    })),
    total,
    nextCursor,
  };
}

function cursorOf({ cursor }: ListDeliveriesInput): { id?: { lt: string } } {
  const before = decodeIdCursor(cursor);
  return before === undefined ? {} : { id: { lt: before } };
}

interface Standing {
  id: string;
  createdAt: Date;
  attempts: number;
  nextAttemptAt: Date | null;
  doneAt: Date | null;
  deadAt: Date | null;
  problem: string | null;
}

function standing({ id, createdAt, attempts, nextAttemptAt, doneAt, deadAt, problem }: Standing) {
  const state: DeliveryState = doneAt ? "done" : deadAt ? "dead" : "waiting";
  return {
    id,
    state,
    createdAt: createdAt.toISOString(),
    attempts,
    nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
    endedAt: (doneAt ?? deadAt)?.toISOString() ?? null,
    problem,
  };
}

interface Stats {
  endpointId: string;
  waiting: bigint;
  dead: bigint;
  last: Date | null;
}

async function readStats(db: Db): Promise<Map<string, Stats>> {
  const rows = await db.$queryRaw<Stats[]>`
    SELECT endpoint_id AS "endpointId", count(next_attempt_at) AS waiting, count(dead_at) AS dead, max(delivered_at) AS last
    FROM webhook_delivery GROUP BY endpoint_id`;
  return new Map(rows.map((row) => [row.endpointId, row]));
}

type EndpointRow = Awaited<ReturnType<typeof getEndpointRow>>;

function toWebhookView(row: EndpointRow, stats: Stats | undefined, now: Date): WebhookView {
  const overlaps = row.previousUntil !== null && row.previousUntil > now;
  return {
    id: row.id,
    url: row.url,
    kinds: row.kinds as NoticeKind[],
    useCases: row.useCases,
    state: row.removedAt ? "removed" : row.disabledAt ? "disabled" : "enabled",
    disabledAt: row.disabledAt?.toISOString() ?? null,
    disabledReason: row.disabledReason,
    createdAt: row.createdAt.toISOString(),
    removedAt: row.removedAt?.toISOString() ?? null,
    previousSecretUntil: overlaps ? (row.previousUntil?.toISOString() ?? null) : null,
    waiting: Number(stats?.waiting ?? 0),
    dead: Number(stats?.dead ?? 0),
    lastDeliveredAt: stats?.last?.toISOString() ?? null,
  };
}
