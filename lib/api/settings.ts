import { createRoute } from "@hono/zod-openapi";
import { listFloors, listSettings } from "@/lib/settings/list-settings";
import type { FloorStateView, SettingView } from "@/lib/settings/views";
import { apiApp } from "./environment";
import { json, PROBLEMS, view } from "./respond";

const settings = createRoute({
  method: "get",
  path: "/settings",
  tags: ["Settings"],
  summary: "List the settings of governance",
  responses: {
    200: json(view<{ items: SettingView[] }>(), "Each setting as it stands, with its versions."),
    ...PROBLEMS,
  },
});
const floors = createRoute({
  method: "get",
  path: "/floors",
  tags: ["Settings"],
  summary: "List the floors",
  responses: {
    200: json(view<{ items: FloorStateView[] }>(), "The floor of each data class as it stands."),
    ...PROBLEMS,
  },
});

export const settingRoutes = apiApp()
  .openapi(settings, async (c) => c.json({ items: await listSettings(c.get("ctx")) }, 200))
  .openapi(floors, async (c) => c.json({ items: await listFloors(c.get("ctx")) }, 200));
