import { z } from "zod";
import { preferences } from "./preference-contract.ts";
import { request } from "./request.ts";
import { nothing } from "./values.ts";

/** Pattern and cameras of one window's canvas. */
export const canvasLayout = preferences.pick({ canvasPattern: true, tiles: true });
export type CanvasLayout = z.infer<typeof canvasLayout>;

/** What a page is told of the window that it is in. The first window is the whole console, further ones are a canvas. */
export const ownWindow = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("console") }),
  z.object({
    kind: z.literal("canvas"),
    /** Counted with the first window, which is 1. */
    number: z.number().int().min(2),
    canvas: canvasLayout,
  }),
]);
export type OwnWindow = z.infer<typeof ownWindow>;

/** The instant of a frame on the screen, and one before the next frame. */
const picture = z.object({ utcMs: z.number(), endUtcMs: z.number() });

/** What a tile showed when an export was started from it. */
export const rangeOffer = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("marked"), range: z.object({ startUtcMs: z.number(), endUtcMs: z.number() }) }),
  z.object({ kind: z.literal("playback"), picture, isOnScreen: z.boolean() }),
  z.object({ kind: z.literal("live"), picture: picture.nullable() }),
]);

const cameraIds = z.array(z.string().max(64)).max(64);

/** An export that is asked for in a further window; the wizard is in the first. */
export const evidenceAsked = z.object({
  cameraId: z.string().max(64),
  offer: rangeOffer,
  /** Of the window in which it was asked for. */
  camerasInTiles: cameraIds,
});
export type EvidenceAsked = z.infer<typeof evidenceAsked>;

/** Failures: TOO_MANY_WINDOWS. */
export const windowRequests = {
  "windows.own": request("anyone", nothing, ownWindow),
  "windows.open": request("operator", nothing, nothing),
  /** Gives the focus to the window after the one that asks. */
  "windows.next": request("anyone", nothing, nothing),
  "windows.toggleFullScreen": request("anyone", nothing, nothing),
  /** Of a further window; the first one's canvas is in the preferences. */
  "windows.keepCanvas": request("operator", canvasLayout, nothing),
  "windows.sendEvidence": request("send-to-clearance", evidenceAsked, nothing),
  /** Cameras were sent: what is marked of them, in whatever window, is not offered again. */
  "windows.rangesSent": request("send-to-clearance", z.object({ cameraIds }), nothing),
};

export const windowEvents = {
  /** To the first window. */
  "windows.evidenceAsked": evidenceAsked,
  "windows.rangesSent": z.object({ cameraIds }),
};
