/** Where pictures come from: addresses of the archive and the token that opens them. */
import videojs from "video.js";
import { frameInstantsSchema } from "#shared/archive-api/archive-api.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import type { PlaybackAccess } from "#shared/ipc-contract/camera-contract.ts";

/** The part of VHS (video.js 8, http-streaming 3) that is used here; its own types do not tell of it. */
interface RequestHook {
  readonly uri: string;
  readonly headers?: Readonly<Record<string, string>>;
}
interface HlsSupport {
  readonly xhr: { onRequest(hook: (request: RequestHook) => RequestHook): void };
}

/** Who steps from picture to picture waits no longer for where the next one is. */
const FRAMES_PATIENCE_MS = 1_000;

let access: PlaybackAccess | null = null;

/** Tells players the archive's address and token; requests from now on use them. */
export function setPlaybackAccess(newest: PlaybackAccess | null): void {
  access = newest;
}

/** The archive's address and token as they are known last; null before. */
export const playbackAccess = (): PlaybackAccess | null => access;

/** Adds the token to every request to the archive and to nobody else. */
export function prepareVideoJs(): void {
  const hls = (videojs as unknown as { readonly Vhs: HlsSupport }).Vhs;
  // Tiles say in words what their player cannot show, and try again by themselves.
  videojs.log.level("off");
  hls.xhr.onRequest((request) => {
    if (access === null || !request.uri.startsWith(`${access.baseUrl}/`)) return request;
    return { ...request, headers: { ...request.headers, Authorization: `Bearer ${access.token}` } };
  });
}

export function liveAddress(cameraId: string): string {
  return `${access?.baseUrl ?? ""}/cameras/${encodeURIComponent(cameraId)}/live.m3u8`;
}

export type PlaylistAnswer =
  | { readonly kind: "playlist"; readonly text: string; readonly address: string }
  | { readonly kind: "no-footage" }
  | { readonly kind: "failed" };

/** Reads the playlist of a range. */
export async function readPlaylist(
  cameraId: string,
  range: TimeRange,
  signal: AbortSignal,
): Promise<PlaylistAnswer> {
  if (access === null) return { kind: "failed" };
  const query = `from=${Math.floor(range.startUtcMs)}&to=${Math.ceil(range.endUtcMs)}`;
  const address = `${access.baseUrl}/cameras/${encodeURIComponent(cameraId)}/playlist.m3u8?${query}`;
  try {
    const response = await fetch(address, { headers: { Authorization: `Bearer ${access.token}` }, signal });
    if (response.ok) return { kind: "playlist", text: await response.text(), address };
    const problem = (await response.json()) as { readonly code?: unknown };
    return { kind: problem.code === "NO_FOOTAGE" ? "no-footage" : "failed" };
  } catch (error) {
    if (!signal.aborted) console.warn(`The archive gave no playlist of ${cameraId}.`, error);
    return { kind: "failed" };
  }
}

/** When the frames of a range begin, milliseconds UTC; null where the archive does not tell, as earlier versions do not. */
export async function readFrameInstants(cameraId: string, range: TimeRange): Promise<number[] | null> {
  if (access === null) return null;
  const query = `from=${Math.floor(range.startUtcMs)}&to=${Math.ceil(range.endUtcMs)}`;
  const address = `${access.baseUrl}/cameras/${encodeURIComponent(cameraId)}/frames?${query}`;
  try {
    const signal = AbortSignal.timeout(FRAMES_PATIENCE_MS);
    const response = await fetch(address, { headers: { Authorization: `Bearer ${access.token}` }, signal });
    if (!response.ok) return null;
    return frameInstantsSchema.parse(await response.json()).instantsUtcUs.map((us) => us / 1000);
  } catch {
    return null;
  }
}
