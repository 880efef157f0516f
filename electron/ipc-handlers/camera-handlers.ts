import { createHash } from "node:crypto";
import { cameraChangeSchema } from "#shared/archive-api/archive-api.ts";
import { failed, succeeded } from "#shared/domain/failure.ts";
import type { Camera } from "#shared/domain/camera.ts";
import type { ArchiveAddress, ArchiveClient } from "../adapters/archive-client/archive-client.ts";
import { answerOf, type AreaHandlers } from "./handler.ts";

const CALL_TIMEOUT_MS = 15_000;
/** What the archive holds is asked for all the time; an answer that is late is as good as none. */
const SOON_MS = 4_000;

export function cameraHandlers(
  archive: ArchiveClient,
  address: () => ArchiveAddress | null,
  announce: (cameras: readonly Camera[]) => void,
): AreaHandlers<"cameras"> {
  return {
    "cameras.list": async () => answerOf(await archive.cameras(call())),
    "cameras.holdings": async ({ cameraIds }) => answerOf(await archive.holdings(cameraIds, call(SOON_MS))),
    "cameras.playbackAccess": async () => {
      const token = answerOf(await archive.playbackToken(call()));
      const baseUrl = address()?.baseUrl;
      if (!token.ok) return token;
      if (baseUrl === undefined) return failed("ARCHIVE_UNREACHABLE", "The archive cannot be reached.");
      return succeeded({ baseUrl, ...token.value });
    },
    "cameras.footage": async ({ cameraId, range }) => {
      const footage = answerOf(await archive.footage(cameraId, range, call()));
      return footage.ok
        ? succeeded({ runs: [...footage.value.runs], gaps: [...footage.value.gaps] })
        : footage;
    },
    "cameras.exportPlan": async ({ cameraId, range }) => {
      const plan = answerOf(await archive.planExport(cameraId, range, call()));
      if (!plan.ok) return plan;
      const { lengthBytes, frameCount, firstFrameUtcUs, endUtcUs, preRollFrameCount, gaps } = plan.value;
      return succeeded({
        cameraId,
        lengthBytes,
        frameCount,
        firstFrameUtcMs: firstFrameUtcUs / 1000,
        endUtcMs: endUtcUs / 1000,
        preRollFrameCount,
        gaps,
      });
    },
    "cameras.add": async ({ name, area, address: url }) => {
      const change = cameraChangeSchema.safeParse({
        name: name.trim(),
        area: area.trim(),
        source: { kind: "rtsp", url: url.trim() },
      });
      if (!change.success)
        return failed("ADDRESS_INVALID", change.error.issues[0]?.message ?? "This camera cannot be added.");
      const cameraId = cameraIdFor(name, url);
      const added = answerOf(await archive.addCamera(cameraId, change.data, call()));
      if (!added.ok) return added;
      const cameras = answerOf(await archive.cameras(call()));
      if (!cameras.ok) return cameras;
      announce(cameras.value);
      const camera = cameras.value.find(({ id }) => id === cameraId);
      return camera === undefined
        ? failed("UNKNOWN_CAMERA", "The archive did not take the camera.")
        : succeeded(camera);
    },
    "cameras.confirmClock": async () => {
      const confirmed = answerOf(await archive.confirmClock(call()));
      if (!confirmed.ok) return confirmed;
      const cameras = answerOf(await archive.cameras(call()));
      if (cameras.ok) announce(cameras.value);
      return succeeded(undefined);
    },
    "cameras.remove": async ({ cameraId }) => {
      const removed = answerOf(await archive.removeCamera(cameraId, call()));
      if (!removed.ok) return removed;
      const cameras = answerOf(await archive.cameras(call()));
      if (cameras.ok) announce(cameras.value);
      return succeeded(undefined);
    },
  };
}

function call(timeoutMs: number = CALL_TIMEOUT_MS) {
  return { signal: AbortSignal.timeout(timeoutMs) };
}

/** Readable and stable: the same name and address give the same camera. */
function cameraIdFor(name: string, url: string): string {
  const slug = name
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 40);
  const mark = createHash("sha256").update(url).digest("hex").slice(0, 8);
  return slug === "" ? `camera-${mark}` : `${slug}-${mark}`;
}
