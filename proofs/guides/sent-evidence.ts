/** One evidence that the console's own pipeline sent to a service of its own, as a third party can get at it. */
import { join } from "node:path";
import type { ExportRequest } from "#shared/domain/export-request.ts";
import { resourceListSchema, type Resource } from "#shared/clearance-api/evidence.ts";
import { AccessToken } from "#electron/adapters/clearance-client/access-token.ts";
import { admitExport } from "#electron/export-pipeline/export-intake.ts";
import type { EvidenceDestination } from "#electron/export-pipeline/ports/evidence-destination.ts";
import { portSucceeded } from "#electron/export-pipeline/ports/port-call.ts";
import { type SendingParts, sendingParts } from "#electron/sending-parts/sending-parts.ts";
import { startEvidenceService } from "#evidence-service/evidence-service.ts";
import { giveRole } from "#evidence-service/testing/test-site.ts";
import { connect } from "#proofs/console-parts/connect.ts";
import { givenForProof } from "#proofs/console-parts/given-for-proof.ts";
import { portWith } from "#proofs/console-parts/port-with.ts";
import { makeVideo } from "./make-video.ts";
import { serveSmallArchive } from "./small-archive.ts";

const HOUR_MS = 3_600_000;
const END_UTC_MS = Date.UTC(2026, 10, 22, 12);
const RANGE = { startUtcMs: END_UTC_MS - 2 * HOUR_MS, endUtcMs: END_UTC_MS };

export interface SentEvidence {
  readonly keyId: string;
  /** What the archive gave for each segment. */
  readonly originals: readonly Buffer[];
  readonly resources: readonly Resource[];
  readonly lifecycle: string;
  /** The service's key file. */
  readonly keysFile: string;
  /** Bytes and headers of a file: `content` decrypted by the service, `encrypted` as stored. */
  download(resourceId: string, form: "content" | "encrypted"): Promise<Response>;
  close(): Promise<void>;
}

/** Sends two segments of one camera, encrypted with protocol 1.0. */
export async function sendEvidence(folder: string): Promise<SentEvidence> {
  const originals = [await makeVideo(folder, "testsrc2"), await makeVideo(folder, "mandelbrot")];
  const archive = await serveSmallArchive((at) => originals[partOf(at)] ?? Buffer.alloc(0));
  const service = await startEvidenceService({ dir: join(folder, "service"), port: 0, logLevel: "error" });
  // Whoever checks evidence by hand reads it, which a console's account may not.
  await giveRole(join(folder, "service"), "integration");
  const { promise: ended, resolve, reject } = Promise.withResolvers<string>();
  const parts: SendingParts = sendingParts({
    ...givenForProof(folder),
    site: () => ({ name: "Café “Süd”", timeZone: "Europe/Berlin" }),
    software: { name: "Evidence Desk", version: "0.1.0" },
    archiveAddress: () => ({ baseUrl: archive.url, token: "t" }),
    portsSeenBy: ({ archive: footage, spool, destinationOf }) => ({
      ...{ archive: footage, spool },
      destinationOf: (made) => ofOldProtocol(destinationOf(made)),
    }),
    onChange: () => setImmediate(() => look()),
    onBug: reject,
  });
  connect(parts.account, service.connectionFile);
  const http = parts.account.current();
  if (http === null) throw new Error("There is no account.");
  const look = () => {
    const [status] = parts.pipeline.statuses();
    const evidenceId = status?.cameraExports[0]?.evidenceId;
    if (status?.kind === "available" && typeof evidenceId === "string") resolve(evidenceId);
    if (status?.kind === "failed") reject(new Error(status.failure?.message));
  };
  await send(parts);
  const evidenceId = await ended;

  const base = `${http.connection.documents}/tenant/${http.connection.tenantId}/evidence/${evidenceId}`;
  const call = { signal: new AbortController().signal };
  const resources = await http.get(`${base}/resource`, resourceListSchema, call);
  if (!resources.ok) throw new Error(resources.error.message);
  const token = await new AccessToken(http.connection).get(call);
  if (!token.ok) throw new Error(token.error.message);
  const destination = parts.ports.destinationOf(null);
  const lifecycle = await destination.lifecycle(evidenceId, { ...call, reportWaiting: () => undefined });
  return {
    keyId: parts.deviceKey.key().keyId,
    originals,
    resources: resources.value,
    lifecycle: lifecycle.ok ? lifecycle.value.kind : lifecycle.error.code,
    keysFile: join(folder, "service", "keys.json"),
    download: (resourceId, form) =>
      fetch(`${base}/resource/${resourceId}/${form}`, {
        headers: { authorization: `Bearer ${token.value}` },
      }),
    close: async () => {
      await parts.stop();
      parts.close();
      await service.close();
      archive.close();
    },
  };
}

/** Presses Finish. */
async function send({ pipeline, ports, account }: SendingParts): Promise<void> {
  const call = { signal: AbortSignal.timeout(60_000), reportWaiting: () => undefined };
  const admitted = await admitExport(
    { request: REQUEST, createdBy: "operator", createdUtcMs: Date.now() },
    ports.archive,
    call,
  );
  if (!admitted.ok) throw new Error(admitted.error.message);
  await pipeline.resume();
  const { record, cameraExports } = admitted.value;
  pipeline.start({ cameraExports, record: { ...record, account: account.identity() } });
}

/** The service announces 2.0; a service that announces nothing is sent 1.0. */
function ofOldProtocol(destination: EvidenceDestination): EvidenceDestination {
  return portWith(destination, {
    recipientKey: async (call) => {
      const key = await destination.recipientKey(call);
      return key.ok ? portSucceeded({ ...key.value, protocol: "1.0" }) : key;
    },
  });
}

const REQUEST: ExportRequest = {
  requestId: "export-1",
  cameraExports: [
    { cameraId: "gate", cameraName: 'Gate "A" / Süd', name: "", description: "", range: RANGE },
  ],
  caseAssociation: { kind: "none" },
};

function partOf(startUtcMs: number): number {
  return (startUtcMs - RANGE.startUtcMs) / HOUR_MS;
}
