import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { createRoute, z } from "@hono/zod-openapi";
import { requirePerson } from "@/lib/access/context";
import { installationSigner } from "@/lib/audit/keys";
import { downloadPack } from "@/lib/evidence/download-pack";
import { getPackContents } from "@/lib/evidence/get-contents";
import { packDirectory } from "@/lib/evidence/pack-directory";
import { getPack, listPacks } from "@/lib/evidence/queries";
import { requestPack } from "@/lib/evidence/request-pack";
import { listPacksSchema, requestPackSchema } from "@/lib/evidence/schema";
import type { PackContentsView, PackView } from "@/lib/evidence/views";
import { keySchema, type Page } from "@/lib/schema";
import { apiApp } from "./environment";
import { body, json, PROBLEMS, view } from "./respond";

/** An id, or the reference that people see (`PACK-7`). */
const params = z.object({ id: keySchema });

const list = createRoute({
  method: "get",
  path: "/evidence/packs",
  request: { query: listPacksSchema },
  responses: { 200: json(view<Page<PackView>>(), "Evidence packs, newest first."), ...PROBLEMS },
});
const request = createRoute({
  method: "post",
  path: "/evidence/packs",
  request: body(requestPackSchema),
  responses: { 202: json(view<PackView>(), "The pack, which a job now builds."), ...PROBLEMS },
});
const read = createRoute({
  method: "get",
  path: "/evidence/packs/{id}",
  request: { params },
  responses: { 200: json(view<PackView>(), "The pack and how far it is."), ...PROBLEMS },
});
const contents = createRoute({
  method: "get",
  path: "/evidence/packs/{id}/contents",
  request: { params },
  responses: { 200: json(view<PackContentsView>(), "What is in it, from its manifest."), ...PROBLEMS },
});
const download = createRoute({
  method: "get",
  path: "/evidence/packs/{id}/download",
  request: { params },
  responses: {
    200: { content: { "application/zip": { schema: z.string() } }, description: "The pack." },
    ...PROBLEMS,
  },
});
const publicKey = createRoute({
  method: "get",
  path: "/evidence/public-key.pem",
  responses: {
    200: {
      content: { "application/x-pem-file": { schema: z.string() } },
      description: "The public key that checkpoints and packs verify with.",
    },
    ...PROBLEMS,
  },
});

export const evidenceRoutes = apiApp()
  .openapi(list, async (c) => c.json(await listPacks(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(request, async (c) => c.json(await requestPack(c.get("ctx"), c.req.valid("json")), 202))
  .openapi(read, async (c) => c.json(await getPack(c.get("ctx"), c.req.valid("param")), 200))
  .openapi(contents, async (c) => {
    const input = { ...c.req.valid("param"), directory: packDirectory() };
    return c.json(await getPackContents(c.get("ctx"), input), 200);
  })
  .openapi(download, async (c) => {
    const input = { ...c.req.valid("param"), directory: packDirectory() };
    const { path, name, bytes } = await downloadPack(c.get("ctx"), input);
    c.header("content-type", "application/zip");
    c.header("content-length", String(bytes));
    c.header("content-disposition", `attachment; filename="${name}"`);
    return c.body(Readable.toWeb(createReadStream(path)) as ReadableStream<Uint8Array>);
  })
  .openapi(publicKey, async (c) => {
    requirePerson(c.get("ctx"));
    c.header("content-type", "application/x-pem-file");
    c.header("content-disposition", 'attachment; filename="public-key.pem"');
    return c.body(installationSigner().publicKeyPem);
  });
