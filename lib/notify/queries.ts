import { type Ctx, requirePerson } from "@/lib/access/context";
import { cutPage } from "@/lib/db/keyset";
import type { Prisma } from "@/lib/db/prisma";
import type { Page } from "@/lib/schema";
import { decodeIdCursor } from "./id-cursor";
import { readMailSettings } from "./mail-settings";
import { readWaiting, WAITING_AS } from "./queues";
import { choiceFor, DIGEST_HOUR, KIND_RULES, MOST_UNREAD } from "./rules";
import { type ListNoticesInput, type MailChoice, NOTICE_KINDS, type NoticeKind } from "./schema";
import type { NoticeCounts, NoticeView, PreferencesView } from "./views";

type Row = Prisma.NotificationGetPayload<object>;

/**
 * The reader's inbox, newest first, a page at a time. What waits is computed from the things themselves: an item that
 * somebody else has dealt with says so, and is not unread any more.
 */
export async function listNotices(ctx: Ctx, input: ListNoticesInput): Promise<Page<NoticeView>> {
  const reader = requirePerson(ctx);
  const waiting = await readWaiting(ctx.db, reader, ctx.now);
  const cursor = decodeIdCursor(input.cursor);
  const before =
    cursor && (await ctx.db.notification.findUnique({ where: { id: cursor, personId: reader.id } }));
  const where: Prisma.NotificationWhereInput = {
    personId: reader.id,
    inInbox: true,
    ...(input.kind ? { kind: input.kind } : {}),
    AND: [shown(input.show, waiting)],
  };
  const [rows, total] = await Promise.all([
    ctx.db.notification.findMany({
      where: { AND: [where, before ? after(before) : {}] },
      orderBy: [{ at: "desc" }, { id: "desc" }],
      take: input.limit + 1,
    }),
    ctx.db.notification.count({ where }),
  ]);
  const { items, nextCursor } = cutPage(rows, input.limit, ({ id }) => id);
  return { items: items.map((row) => toView(row, waiting)), total, nextCursor };
}

/** What the bell counts for the reader. */
export async function countNotices(ctx: Ctx): Promise<NoticeCounts> {
  const reader = requirePerson(ctx);
  const waiting = await readWaiting(ctx.db, reader, ctx.now);
  const mine = { personId: reader.id, inInbox: true };
  const [unread, stillWaiting] = await Promise.all([
    ctx.db.notification.count({ where: { ...mine, AND: [shown("unread", waiting)] }, take: MOST_UNREAD }),
    ctx.db.notification.findMany({
      where: { ...mine, AND: [shown("waiting", waiting)] },
      distinct: ["topic", "href"],
      select: { id: true },
    }),
  ]);
  return { unread, waiting: stillWaiting.length };
}

/** How the reader is told of each kind. */
export async function getPreferences(ctx: Ctx): Promise<PreferencesView> {
  const { id, email } = requirePerson(ctx);
  const rows = await ctx.db.notificationPreference.findMany({ where: { personId: id } });
  return {
    email,
    mailIsOn: readMailSettings().state === "on",
    digestHour: DIGEST_HOUR,
    preferences: NOTICE_KINDS.map((kind) => {
      const row = rows.find((one) => one.kind === kind);
      const chosen = row && { mail: row.mail as MailChoice, inbox: row.inbox };
      const { title, description, inboxMayBeOff } = KIND_RULES[kind];
      return { kind, title, description, inboxMayBeOff, ...choiceFor(kind, chosen) };
    }),
  };
}

/** What stands after a notice in the inbox. */
function after({ at, id }: Row): Prisma.NotificationWhereInput {
  return { OR: [{ at: { lt: at } }, { at, id: { lt: id } }] };
}

type Waiting = Awaited<ReturnType<typeof readWaiting>>;

function shown(show: ListNoticesInput["show"], waiting: Waiting): Prisma.NotificationWhereInput {
  if (show === "all") return {};
  const stillWaits = Object.entries(WAITING_AS).map(([topic, kinds]) => ({
    topic,
    href: { in: kinds.flatMap((kind) => [...(waiting.get(kind) ?? [])]) },
  }));
  if (show === "waiting") return { OR: stillWaits };
  return { readAt: null, OR: [{ topic: { notIn: Object.keys(WAITING_AS) } }, ...stillWaits] };
}

function toView(row: Row, waiting: Waiting): NoticeView {
  const { id, topic, ref, useCase, title, href } = row;
  const waitsAs = WAITING_AS[topic];
  return {
    id,
    kind: row.kind as NoticeKind,
    topic,
    ref,
    useCase,
    title,
    href,
    at: row.at.toISOString(),
    readAt: row.readAt?.toISOString() ?? null,
    waits: waitsAs?.some((kind) => waiting.get(kind)?.has(href)) ?? null,
  };
}
