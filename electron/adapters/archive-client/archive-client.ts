import { z } from "zod";
import {
  type ArchiveProblemCode,
  type ArchiveSummary,
  archiveSummarySchema,
  camerasUnlessAnswerSchema,
  type CameraChange,
  type ExportPlan,
  exportPlanSchema,
  footageAnswerSchema,
  HOLDINGS_CAMERAS_MAX,
  holdingsAnswerSchema,
  type ShownSource,
  shownSourceSchema,
} from "#shared/archive-api/archive-api.ts";
import type { Camera, Holding } from "#shared/domain/camera.ts";
import { visibleName } from "#shared/domain/names.ts";
import type { Footage, FootageRange } from "#shared/domain/footage.ts";
import type { FootageArchive, LockedRange } from "../../export-pipeline/ports/footage-archive.ts";
import type { PortCall, PortOutcome } from "../../export-pipeline/ports/port-call.ts";
import { portFailed, portSucceeded } from "../../export-pipeline/ports/port-call.ts";
import { fetchThrough } from "../proxied-fetch.ts";
import { DIRECT } from "../proxy/proxy-choice.ts";
import { PeerClock } from "./peer-clock.ts";
import { exchange, exchangeJson, mixedUp, type Peer } from "../http-exchange.ts";

/** Where the archive listens and the token it wants; null while it has not started. */
export interface ArchiveAddress {
  readonly baseUrl: string;
  readonly token: string;
}

/** Whole answers within the time of one: the archive's are small, and it is never behind a proxy. */
const PEER: Peer = {
  name: "The archive",
  unreachableCode: "ARCHIVE_UNREACHABLE",
  fetch: fetchThrough(DIRECT),
};
const UNKNOWN_CAMERA = "UNKNOWN_CAMERA" satisfies ArchiveProblemCode;

const playbackTokenSchema = z.object({ token: z.string(), expiresUtcMs: z.number() });

type Call = Pick<PortCall, "signal">;

interface Asked {
  readonly method: string;
  /** Behind the archive's address. */
  readonly path: string;
}

/** Who wants to know what time it is does not wait longer: what was known last is nearly as good. */
const CLOCK_TIMEOUT_MS = 4_000;

/** The archive's HTTP interface, embedded or remote; errors as data. */
export class ArchiveClient implements FootageArchive {
  #listed: { readonly tag: string | null; readonly cameras: readonly Camera[] } = NOTHING_LISTED;
  readonly #address: () => ArchiveAddress | null;
  readonly #started: (signal: AbortSignal) => Promise<void>;
  #clock = new PeerClock();

  /** @param started resolves once the address may be known: who asks before an archive has started waits for it */
  constructor(
    address: () => ArchiveAddress | null,
    started: (signal: AbortSignal) => Promise<void> = async () => undefined,
  ) {
    this.#address = address;
    this.#started = started;
  }

  /** While nothing changes it is the same list, and is not sent again. */
  async cameras(call: Call): Promise<PortOutcome<readonly Camera[]>> {
    await this.#started(call.signal);
    const { tag, cameras: known } = this.#listed;
    const path = tag === null ? "/cameras" : `/cameras?unless=${encodeURIComponent(tag)}`;
    const asked = this.#address()?.baseUrl;
    const answer = await this.#json({ method: "GET", path: path, schema: camerasUnlessAnswerSchema }, call);
    if (!answer.ok) return answer;
    if (answer.value.cameras === null) return portSucceeded(known);
    const cameras = answer.value.cameras.map(asShown);
    if (this.#address()?.baseUrl === asked) this.#listed = { tag: answer.value.tag, cameras };
    return portSucceeded(cameras);
  }

  /** Another archive is behind the address from now on: nothing that is known of the one before holds. */
  startAnew(): void {
    this.#listed = NOTHING_LISTED;
    this.#clock = new PeerClock();
  }

  /** Whether a page of this origin may read from the archive. */
  async letsIn(pageOrigin: string, call: Call): Promise<PortOutcome<boolean>> {
    const address = this.#address();
    if (address === null) return NOT_STARTED;
    const headers = { ...authorization(address), origin: pageOrigin };
    const answer = await exchange(PEER, { url: `${address.baseUrl}/summary`, headers }, call);
    if (!answer.ok) return answer;
    await answer.value.body?.cancel();
    const allowed = answer.value.headers.get("access-control-allow-origin");
    return portSucceeded(allowed === pageOrigin || allowed === "*");
  }

  /** What the archive holds, all cameras together. */
  async summary(call: Call): Promise<PortOutcome<ArchiveSummary>> {
    return await this.#json({ method: "GET", path: "/summary", schema: archiveSummarySchema }, call);
  }

  /** What the archive holds of these cameras, for how long it keeps it (null when no camera was named), and how far its clock is ahead of this machine's, milliseconds. */
  async holdings(
    cameraIds: readonly string[],
    call: Call,
  ): Promise<PortOutcome<{ archiveAheadMs: number; keptMs: number | null; holdings: Holding[] }>> {
    const holdings: Holding[] = [];
    let keptMs: number | null = null;
    for (let at = 0; at < cameraIds.length; at += HOLDINGS_CAMERAS_MAX) {
      const asked = cameraIds
        .slice(at, at + HOLDINGS_CAMERAS_MAX)
        .map((id): [string, string] => ["camera", id]);
      const query = new URLSearchParams(asked).toString();
      const askedMs = Date.now();
      const answer = await this.#json(
        { method: "GET", path: `/holdings?${query}`, schema: holdingsAnswerSchema },
        call,
      );
      if (!answer.ok) return answer;
      this.#clock.add({ askedMs, answeredMs: Date.now(), peerMs: answer.value.nowUtcMs });
      ({ keptMs } = answer.value);
      holdings.push(...answer.value.holdings);
    }
    return portSucceeded({ archiveAheadMs: this.#clock.aheadMs, keptMs, holdings });
  }

  /** Asks anew: whoever compares recorded instants with it may be the first who does. */
  async now(cameraId: string, { signal }: Call): Promise<number> {
    await this.holdings([cameraId], {
      signal: AbortSignal.any([signal, AbortSignal.timeout(CLOCK_TIMEOUT_MS)]),
    });
    return Math.floor(Date.now() + this.#clock.aheadMs);
  }

  async addCamera(cameraId: string, change: CameraChange, call: Call): Promise<PortOutcome<void>> {
    return await this.#nothing(
      { method: "PUT", path: `/cameras/${encodeURIComponent(cameraId)}` },
      call,
      change,
    );
  }

  async renameCamera(
    cameraId: string,
    names: Pick<CameraChange, "name" | "area">,
    call: Call,
  ): Promise<PortOutcome<void>> {
    return await this.#nothing(
      { method: "PATCH", path: `/cameras/${encodeURIComponent(cameraId)}` },
      call,
      names,
    );
  }

  /** What may be shown of where a camera's pictures come from. */
  async cameraSource(cameraId: string, call: Call): Promise<PortOutcome<ShownSource>> {
    return await this.#json(
      { method: "GET", path: `/cameras/${encodeURIComponent(cameraId)}/source`, schema: shownSourceSchema },
      call,
    );
  }

  async removeCamera(cameraId: string, call: Call): Promise<PortOutcome<void>> {
    return await this.#nothing({ method: "DELETE", path: `/cameras/${encodeURIComponent(cameraId)}` }, call);
  }

  /** The archive's clock is right although it leapt. */
  async confirmClock(call: Call): Promise<PortOutcome<void>> {
    return await this.#nothing({ method: "POST", path: "/age-clock/confirmation" }, call);
  }

  async footage(cameraId: string, range: FootageRange, call: Call): Promise<PortOutcome<Footage>> {
    return await this.#json(
      { method: "GET", path: `${rangePath(cameraId, "footage", range)}`, schema: footageAnswerSchema },
      call,
    );
  }

  async playbackToken(call: Call): Promise<PortOutcome<{ token: string; expiresUtcMs: number }>> {
    return await this.#json({ method: "POST", path: "/playback-tokens", schema: playbackTokenSchema }, call);
  }

  async planExport(cameraId: string, range: FootageRange, call: Call): Promise<PortOutcome<ExportPlan>> {
    const plan = await this.#json(
      { method: "GET", path: rangePath(cameraId, "export.json", range), schema: exportPlanSchema },
      call,
    );
    if (!plan.ok) return notPurged(plan);
    const { cameraId: of, fromUtcMs, toUtcMs } = plan.value;
    const isAsked = of === cameraId && fromUtcMs === range.startUtcMs && toUtcMs === range.endUtcMs;
    return isAsked ? plan : mixedUp(PEER);
  }

  async cameraAreas(call: Call): Promise<PortOutcome<ReadonlyMap<string, string>>> {
    const cameras = await this.cameras(call);
    if (!cameras.ok) return cameras;
    return portSucceeded(new Map(cameras.value.map(({ id, area }) => [id, area])));
  }

  async lock({ lockId, cameraId, range }: LockedRange, call: PortCall): Promise<PortOutcome<void>> {
    const asked = { method: "PUT", path: `/locks/${encodeURIComponent(lockId)}` };
    return notPurged(await this.#nothing(asked, call, { cameraId, ...range }));
  }

  async unlock(lockId: string, call: PortCall): Promise<PortOutcome<void>> {
    return notPurged(
      await this.#nothing({ method: "DELETE", path: `/locks/${encodeURIComponent(lockId)}` }, call),
    );
  }

  /** The address of a range's footage, for whoever reads its bytes. */
  exportUrl(cameraId: string, range: FootageRange): ArchiveAddress | null {
    const address = this.#address();
    return (
      address && { baseUrl: address.baseUrl + rangePath(cameraId, "export.mp4", range), token: address.token }
    );
  }

  async #whereItIs({ signal }: Call): Promise<ArchiveAddress | null> {
    await this.#started(signal);
    return this.#address();
  }

  async #json<T>(
    { path, ...question }: Asked & { readonly schema: z.ZodType<T> },
    call: Call,
  ): Promise<PortOutcome<T>> {
    const address = await this.#whereItIs(call);
    if (address === null) return NOT_STARTED;
    const url = address.baseUrl + path;
    return await exchangeJson(PEER, { ...question, url, headers: authorization(address) }, call);
  }

  /** @param body sent as JSON; undefined for none */
  async #nothing({ method, path }: Asked, call: Call, body?: unknown): Promise<PortOutcome<void>> {
    const address = await this.#whereItIs(call);
    if (address === null) return NOT_STARTED;
    const asked = { url: address.baseUrl + path, method, headers: authorization(address) };
    const question = body === undefined ? asked : { ...asked, ...asJson(body, asked.headers) };
    const answer = await exchange(PEER, question, call);
    if (!answer.ok) return answer;
    await answer.value.body?.cancel();
    return portSucceeded(undefined);
  }
}

function asJson(body: unknown, headers: Record<string, string>) {
  return { headers: { ...headers, "content-type": "application/json" }, body: JSON.stringify(body) };
}

const NOTHING_LISTED = { tag: null, cameras: [] } as const;

/** Names of an archive that took any are shown with what hides in them. */
function asShown<T extends Pick<Camera, "name" | "area">>(camera: T): T {
  return { ...camera, name: visibleName(camera.name), area: visibleName(camera.area) };
}

const NOT_STARTED = portFailed("transient", {
  code: PEER.unreachableCode,
  message: "The archive has not started yet.",
  action: "It is tried again by itself.",
});

function authorization(address: ArchiveAddress): Record<string, string> {
  return { authorization: `Bearer ${address.token}` };
}

function rangePath(cameraId: string, resource: string, range: FootageRange): string {
  const { startUtcMs, endUtcMs, recording } = range;
  const alone = recording === undefined ? "" : `&recording=${encodeURIComponent(recording)}`;
  return `/cameras/${encodeURIComponent(cameraId)}/${resource}?from=${startUtcMs}&to=${endUtcMs}${alone}`;
}

/** `gone` means evidence purged by the service; a camera the archive does not know will not come back by itself. */
function notPurged<T>(outcome: PortOutcome<T>): PortOutcome<T> {
  if (outcome.ok || outcome.error.kind !== "gone") return outcome;
  const code = outcome.error.code.startsWith("HTTP_") ? UNKNOWN_CAMERA : outcome.error.code;
  return { ok: false, error: { ...outcome.error, kind: "permanent", code } };
}
