import { createHash } from "node:crypto";
import type { z } from "zod";
import {
  type CameraChange,
  cameraChangeSchema,
  cameraNamesSchema,
  type RtspSource,
} from "#shared/archive-api/archive-api.ts";
import { splitAddress } from "#shared/archive-api/camera-address.ts";
import { failed, succeeded, type Outcome } from "#shared/domain/failure.ts";
import type { RequestInput } from "#shared/ipc-contract/contract.ts";
import type { Camera } from "#shared/domain/camera.ts";
import type { ArchiveAddress, ArchiveClient } from "../adapters/archive-client/archive-client.ts";
import { answerOf, type AreaHandlers } from "./handler.ts";

/** As they were typed. */
interface CameraNames {
  readonly name: string;
  readonly area: string;
}

const CALL_TIMEOUT_MS = 15_000;
/** What the archive holds is asked for all the time; an answer that is late is as good as none. */
const SOON_MS = 4_000;

export function cameraHandlers(
  archive: ArchiveClient,
  address: () => ArchiveAddress | null,
  announce: (cameras: readonly Camera[]) => void,
): AreaHandlers<"cameras"> {
  const listedCamera = async (cameraId: string): Promise<Outcome<Camera>> => {
    const cameras = answerOf(await archive.cameras(call()));
    if (!cameras.ok) return cameras;
    announce(cameras.value);
    const camera = cameras.value.find(({ id }) => id === cameraId);
    if (camera === undefined) return failed("UNKNOWN_CAMERA", "The archive did not take the camera.");
    return succeeded(camera);
  };
  /** One that an older version added with a password in its address stays the camera that it is. */
  const idOf = async (name: string, address: string): Promise<string> => {
    const before = idOfText(name, address);
    const cameras = await archive.cameras(call());
    const isKnown = cameras.ok && cameras.value.some(({ id }) => id === before);
    return isKnown ? before : idOfText(name, shownAddress(address));
  };
  const renameCamera = async (cameraId: string, { name, area }: CameraNames): Promise<Outcome<void>> => {
    const names = cameraNamesSchema.safeParse({ name: name.trim(), area: area.trim() });
    if (!names.success) return unfit(names.error);
    return answerOf(await archive.renameCamera(cameraId, names.data, call()));
  };
  const moveCamera = async (
    cameraId: string,
    { name, area }: CameraNames,
    { address, password, ...rest }: NewSource,
  ): Promise<Outcome<void>> => {
    const kept = password === null ? {} : { password };
    const change = changeOf({ name, area }, { ...rest, ...kept, url: address.trim() });
    if (!change.ok) return change;
    return answerOf(await archive.addCamera(cameraId, change.value, call()));
  };
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
    "cameras.footage": async ({ cameraId, range, recording }) => {
      const footage = answerOf(await archive.footage(cameraId, { ...range, recording }, call()));
      return footage.ok
        ? succeeded({ runs: [...footage.value.runs], gaps: [...footage.value.gaps] })
        : footage;
    },
    "cameras.exportPlan": async ({ cameraId, range, recording }) => {
      const plan = answerOf(await archive.planExport(cameraId, { ...range, recording }, call()));
      if (!plan.ok) return plan;
      const { lengthBytes, frameCount, firstFrameUtcUs, endUtcUs, preRollFrameCount, gaps } = plan.value;
      const { overlaps, leftOut } = plan.value;
      return succeeded({
        cameraId,
        lengthBytes,
        frameCount,
        firstFrameUtcMs: firstFrameUtcUs / 1000,
        endUtcMs: endUtcUs / 1000,
        preRollFrameCount,
        gaps,
        overlaps: [...overlaps],
        leftOut: leftOut && [...leftOut],
      });
    },
    "cameras.add": async ({ name, area, address, ...logOn }) => {
      const change = changeOf({ name, area }, { ...logOn, url: address.trim() });
      if (!change.ok) return change;
      const cameraId = await idOf(name, address.trim());
      const added = answerOf(await archive.addCamera(cameraId, change.value, call()));
      return added.ok ? await listedCamera(cameraId) : added;
    },
    "cameras.source": async ({ cameraId }) => {
      const source = answerOf(await archive.cameraSource(cameraId, call()));
      if (!source.ok) return source;
      if (source.value.kind === "loop") return succeeded({ kind: "loop" as const });
      const { url: address, ...shown } = source.value;
      return succeeded({ ...shown, address });
    },
    "cameras.change": async ({ cameraId, name, area, source }) => {
      const changed =
        source === null
          ? await renameCamera(cameraId, { name, area })
          : await moveCamera(cameraId, { name, area }, source);
      return changed.ok ? await listedCamera(cameraId) : changed;
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

type NewSource = NonNullable<RequestInput<"cameras.change">["source"]>;

function changeOf({ name, area }: CameraNames, source: Omit<RtspSource, "kind">): Outcome<CameraChange> {
  const change = cameraChangeSchema.safeParse({
    name: name.trim(),
    area: area.trim(),
    source: { ...source, kind: "rtsp" },
  });
  return change.success ? succeeded(change.data) : unfit(change.error);
}

/** Everything that an operator may type has a sentence of its own in the archive's contract. */
const unfit = ({ issues: [issue] }: z.ZodError): Outcome<never> =>
  failed(
    issue?.path[0] === "source" ? "ADDRESS_INVALID" : "NAME_INVALID",
    issue?.message ?? "This camera cannot be added.",
  );

function call(timeoutMs: number = CALL_TIMEOUT_MS) {
  return { signal: AbortSignal.timeout(timeoutMs) };
}

/** What of an address is no secret: nothing else may be found out from a camera's id, not even by trying. */
function shownAddress(address: string): string {
  const split = splitAddress(address);
  return split === null || split === "unclear" ? "" : split.url;
}

/** Readable and stable: the same name and address give the same camera. */
function idOfText(name: string, text: string): string {
  const slug = name
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "")
    .slice(0, 40);
  const mark = createHash("sha256").update(text).digest("hex").slice(0, 8);
  return slug === "" ? `camera-${mark}` : `${slug}-${mark}`;
}
