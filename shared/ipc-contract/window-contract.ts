import { z } from "zod";
import { preferencesSchema } from "./preference-contract.ts";
import { request } from "./request.ts";
import { nothingSchema } from "./values.ts";

/** Pattern and cameras of one window's canvas. */
export const canvasLayoutSchema = preferencesSchema.pick({ canvasPattern: true, tiles: true });
export type CanvasLayout = z.infer<typeof canvasLayoutSchema>;

/** What a page is told of the window that it is in. The first window is the whole console, further ones are a canvas. */
export const ownWindowSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("console") }),
  z.object({
    kind: z.literal("canvas"),
    /** Counted with the first window, which is 1. */
    number: z.number().int().min(2),
    canvas: canvasLayoutSchema,
  }),
]);
export type OwnWindow = z.infer<typeof ownWindowSchema>;

/** The instant of a frame on the screen, and one before the next frame. */
const pictureSchema = z.object({ utcMs: z.number(), endUtcMs: z.number() });

/** What a tile showed when an export was started from it. */
export const rangeOfferSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("marked"), range: z.object({ startUtcMs: z.number(), endUtcMs: z.number() }) }),
  z.object({ kind: z.literal("playback"), picture: pictureSchema, isOnScreen: z.boolean() }),
  z.object({ kind: z.literal("live"), picture: pictureSchema.nullable() }),
]);

const cameraIdsSchema = z.array(z.string().max(64)).max(64);

/** An export that is asked for in a further window; the wizard is in the first. */
export const evidenceAskedSchema = z.object({
  cameraId: z.string().max(64),
  offer: rangeOfferSchema,
  /** Of the window in which it was asked for. */
  camerasInTiles: cameraIdsSchema,
});
export type EvidenceAsked = z.infer<typeof evidenceAskedSchema>;

/** Failures: TOO_MANY_WINDOWS. */
export const windowRequests = {
  "windows.own": request("anyone", nothingSchema, ownWindowSchema),
  "windows.open": request("operator", nothingSchema, nothingSchema),
  /** Gives the focus to the window after the one that asks. */
  "windows.next": request("anyone", nothingSchema, nothingSchema),
  "windows.toggleFullScreen": request("anyone", nothingSchema, nothingSchema),
  /** Of a further window; the first one's canvas is in the preferences. */
  "windows.keepCanvas": request("operator", canvasLayoutSchema, nothingSchema),
  "windows.sendEvidence": request("send-to-clearance", evidenceAskedSchema, nothingSchema),
  /** Cameras were sent: what is marked of them, in whatever window, is not offered again. */
  "windows.rangesSent": request("send-to-clearance", z.object({ cameraIds: cameraIdsSchema }), nothingSchema),
};

export const windowEvents = {
  /** To the first window. */
  "windows.evidenceAsked": evidenceAskedSchema,
  "windows.rangesSent": z.object({ cameraIds: cameraIdsSchema }),
};
