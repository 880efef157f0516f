import { z } from "zod";
import { request } from "./request.ts";
import { nothingSchema } from "./values.ts";

/** What the console remembers of one operator's screen, across restarts. */
export const preferencesSchema = z.object({
  sidebarPinned: z.boolean(),
  trayIcon: z.enum(["show", "hide", "notifications-only"]),
  /** As wide as the operator made it. No default here: a change of something else would set it back. */
  areaViewWidthPx: z.number().int().min(180).max(640),
  canvasPattern: z.enum(["1", "2x2", "1+5", "3x3", "4x4"]),
  /** Camera ids by tile, null for an empty tile. */
  tiles: z.array(z.string().max(64).nullable()).max(64),
});
export type Preferences = z.infer<typeof preferencesSchema>;

export const preferenceRequests = {
  "preferences.get": request("operator", nothingSchema, preferencesSchema),
  "preferences.update": request("operator", preferencesSchema.partial(), preferencesSchema),
};
