import { createRoute, z } from "@hono/zod-openapi";
import { listDetectors } from "@/lib/detectors/queries";
import { retireDetector } from "@/lib/detectors/retire-detector";
import { detectorNameSchema, retireDetectorSchema, setUpDetectorSchema } from "@/lib/detectors/schema";
import { setUpDetector } from "@/lib/detectors/set-up-detector";
import { tryDetector } from "@/lib/detectors/try-detector";
import type { DetectorTrial, DetectorView } from "@/lib/detectors/views";
import { apiApp } from "./environment";
import { body, json, PROBLEMS, view } from "./respond";

const params = z.object({ name: detectorNameSchema });
const detector = { 200: json(view<DetectorView>(), "The outside detector."), ...PROBLEMS };

const list = createRoute({
  method: "get",
  path: "/detectors",
  responses: { 200: json(view<DetectorView[]>(), "Outside detectors, without their keys."), ...PROBLEMS },
});
const setUp = createRoute({
  method: "put",
  path: "/detectors/{name}",
  request: { params, ...body(setUpDetectorSchema) },
  responses: detector,
});
const retire = createRoute({
  method: "post",
  path: "/detectors/{name}/retire",
  request: { params, ...body(retireDetectorSchema) },
  responses: detector,
});
const attempt = createRoute({
  method: "post",
  path: "/detectors/{name}/try",
  request: { params },
  responses: { 200: json(view<DetectorTrial>(), "What came of one call."), ...PROBLEMS },
});

export const detectorRoutes = apiApp()
  .openapi(list, async (c) => c.json(await listDetectors(c.get("ctx")), 200))
  .openapi(setUp, async (c) =>
    c.json(await setUpDetector(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  )
  .openapi(retire, async (c) =>
    c.json(await retireDetector(c.get("ctx"), { ...c.req.valid("json"), ...c.req.valid("param") }), 200),
  )
  .openapi(attempt, async (c) => c.json(await tryDetector(c.get("ctx"), c.req.valid("param").name), 200));
