import { createRoute, z } from "@hono/zod-openapi";
import { addWebhook } from "@/lib/notify/add-webhook";
import { changeWebhook } from "@/lib/notify/change-webhook";
import {
  getMailSettings,
  listMails,
  listWebhookDeliveries,
  listWebhooks,
} from "@/lib/notify/delivery-queries";
import { markAllRead, markRead } from "@/lib/notify/mark-read";
import { countNotices, getPreferences, listNotices } from "@/lib/notify/queries";
import { removeWebhook } from "@/lib/notify/remove-webhook";
import { rotateWebhookSecret } from "@/lib/notify/rotate-webhook-secret";
import {
  addWebhookSchema,
  changeWebhookSchema,
  listDeliveriesSchema,
  listNoticesSchema,
  setPreferenceSchema,
} from "@/lib/notify/schema";
import { sendAgain } from "@/lib/notify/send-again";
import { sendMailAgain } from "@/lib/notify/send-mail-again";
import { sendTestEvent } from "@/lib/notify/send-test-event";
import { sendTestMail } from "@/lib/notify/send-test-mail";
import { setPreference } from "@/lib/notify/set-preference";
import type {
  MailSettingsView,
  MailView,
  NewSecretView,
  NoticeCounts,
  NoticeView,
  PreferencesView,
  WebhookDeliveryView,
  WebhookView,
} from "@/lib/notify/views";
import { idSchema, type Page } from "@/lib/schema";
import { apiApp } from "./environment";
import { body, json, PROBLEMS, view } from "./respond";

const params = z.object({ id: idSchema });
const counts = { 200: json(view<NoticeCounts>(), "How many are unread, how many wait."), ...PROBLEMS };
const preferences = { 200: json(view<PreferencesView>(), "How you are told of each kind."), ...PROBLEMS };
const mail = { 200: json(view<MailSettingsView>(), "How mail is sent."), ...PROBLEMS };
const webhook = { 200: json(view<WebhookView>(), "The webhook, without its secret."), ...PROBLEMS };
const secret = { 200: json(view<NewSecretView>(), "The webhook, and its secret this once."), ...PROBLEMS };

const list = createRoute({
  method: "get",
  path: "/notifications",
  request: { query: listNoticesSchema },
  responses: { 200: json(view<Page<NoticeView>>(), "Your inbox, newest first."), ...PROBLEMS },
});
const count = createRoute({ method: "get", path: "/notifications/count", responses: counts });
const read = createRoute({
  method: "post",
  path: "/notifications/{id}/read",
  request: { params },
  responses: counts,
});
const readAll = createRoute({ method: "post", path: "/notifications/read-all", responses: counts });
const readPreferences = createRoute({
  method: "get",
  path: "/notifications/preferences",
  responses: preferences,
});
const choose = createRoute({
  method: "put",
  path: "/notifications/preferences",
  request: body(setPreferenceSchema),
  responses: preferences,
});

const readMail = createRoute({ method: "get", path: "/mail", responses: mail });
const testMail = createRoute({ method: "post", path: "/mail/test", responses: mail });
const mails = createRoute({
  method: "get",
  path: "/mail/deliveries",
  request: { query: listDeliveriesSchema },
  responses: { 200: json(view<Page<MailView>>(), "Mails, newest first."), ...PROBLEMS },
});

const mailAgain = createRoute({
  method: "post",
  path: "/mail/deliveries/{id}/send-again",
  request: { params },
  responses: mail,
});

const webhooks = createRoute({
  method: "get",
  path: "/webhooks",
  responses: { 200: json(view<WebhookView[]>(), "Webhooks, without their secrets."), ...PROBLEMS },
});
const add = createRoute({
  method: "post",
  path: "/webhooks",
  request: body(addWebhookSchema),
  responses: { 201: json(view<NewSecretView>(), "The webhook, and its secret this once."), ...PROBLEMS },
});
const change = createRoute({
  method: "put",
  path: "/webhooks/{id}",
  request: { params, ...body(changeWebhookSchema) },
  responses: webhook,
});
const remove = createRoute({
  method: "post",
  path: "/webhooks/{id}/remove",
  request: { params },
  responses: webhook,
});
const rotate = createRoute({
  method: "post",
  path: "/webhooks/{id}/rotate",
  request: { params },
  responses: secret,
});
const test = createRoute({
  method: "post",
  path: "/webhooks/{id}/test",
  request: { params },
  responses: webhook,
});
const deliveries = createRoute({
  method: "get",
  path: "/webhook-deliveries",
  request: { query: listDeliveriesSchema.extend({ endpoint: idSchema.optional() }) },
  responses: { 200: json(view<Page<WebhookDeliveryView>>(), "Deliveries, newest first."), ...PROBLEMS },
});
const again = createRoute({
  method: "post",
  path: "/webhook-deliveries/{id}/send-again",
  request: { params },
  responses: webhook,
});

export const notifyRoutes = apiApp()
  .openapi(list, async (c) => c.json(await listNotices(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(count, async (c) => c.json(await countNotices(c.get("ctx")), 200))
  .openapi(readAll, async (c) => c.json(await markAllRead(c.get("ctx")), 200))
  .openapi(readPreferences, async (c) => c.json(await getPreferences(c.get("ctx")), 200))
  .openapi(choose, async (c) => c.json(await setPreference(c.get("ctx"), c.req.valid("json")), 200))
  .openapi(read, async (c) => c.json(await markRead(c.get("ctx"), c.req.valid("param")), 200))
  .openapi(readMail, async (c) => c.json(await getMailSettings(c.get("ctx")), 200))
  .openapi(testMail, async (c) => c.json(await sendTestMail(c.get("ctx")), 200))
  .openapi(mails, async (c) => c.json(await listMails(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(mailAgain, async (c) => c.json(await sendMailAgain(c.get("ctx"), c.req.valid("param")), 200))
  .openapi(webhooks, async (c) => c.json(await listWebhooks(c.get("ctx")), 200))
  .openapi(add, async (c) => c.json(await addWebhook(c.get("ctx"), c.req.valid("json")), 201))
  .openapi(change, async (c) =>
    c.json(await changeWebhook(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  )
  .openapi(remove, async (c) => c.json(await removeWebhook(c.get("ctx"), c.req.valid("param")), 200))
  .openapi(rotate, async (c) => c.json(await rotateWebhookSecret(c.get("ctx"), c.req.valid("param")), 200))
  .openapi(test, async (c) => c.json(await sendTestEvent(c.get("ctx"), c.req.valid("param")), 200))
  .openapi(deliveries, async (c) =>
    c.json(await listWebhookDeliveries(c.get("ctx"), c.req.valid("query")), 200),
  )
  .openapi(again, async (c) => c.json(await sendAgain(c.get("ctx"), c.req.valid("param")), 200));
