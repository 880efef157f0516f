import { randomUUID } from "node:crypto";
import { afterEach, describe, expect, test, vi } from "vitest";
import { admitExport } from "#electron/export-pipeline/export-intake.ts";
import { MemoryArchive } from "#electron/export-pipeline/testing/memory-archive.ts";
import { EVIDENCE, footageOf, isUpload, SendingConsole } from "./sending-console.ts";

const BLOCK_BYTES = 8 * 1024 * 1024;
/** Three blocks, of which each takes a second. */
const FOOTAGE = footageOf(2 * BLOCK_BYTES + 1_000_000);
const BLOCK_A_SECOND = BLOCK_BYTES;

let sending: SendingConsole;

afterEach(async () => {
  await sending.stop();
});

describe("an upload that takes longer", () => {
  test("than its address is good asks for another and goes on", async () => {
    sending = await SendingConsole.start(FOOTAGE, { settings: { uploadAddressMs: 2_000 } });
    const segment = await sending.spoolSegment();
    sending.capUploads(BLOCK_A_SECOND);
    const sent = await sending.send(await sending.createEvidence(), segment);
    expect(sent.lengthBytes).toBe(segment.file.lengthBytes);
    expect(sending.waits).toContain("UPLOAD_URI_EXPIRED");
    const addresses = sending.called.filter(isUpload);
    expect(new Set(addresses).size).toBeGreaterThan(1);
    expect(new Set(sent.places)).toEqual(new Set([sent.resourceId]));
  });

  test("than an access token is good renews it before it ends", async () => {
    sending = await SendingConsole.start(FOOTAGE, { settings: { accessTokenS: 2 } });
    const segment = await sending.spoolSegment();
    sending.capUploads(BLOCK_A_SECOND);
    const sent = await sending.send(await sending.createEvidence(), segment);
    expect(sent.lengthBytes).toBe(segment.file.lengthBytes);
    expect(sending.waits).toEqual([]);
    const isToken = (url: string) => url.endsWith("/connect/token");
    expect(sending.called.filter(isToken).length).toBeGreaterThan(1);
    // A token that was refused would have had its call asked twice.
    const completions = sending.called.filter((url) => url.endsWith("/complete"));
    expect(completions).toHaveLength(1);
  });

  test("than the service keeps what is not complete is sent to a new evidence, from the spool", async () => {
    sending = await SendingConsole.start(FOOTAGE, {
      settings: { abandonedAfterMs: 1 },
      archive: new MemoryArchive(),
    });
    sending.capUploads(BLOCK_A_SECOND);
    const { pipeline, ledger } = sending.parts;
    const evidenceId = () => {
      const { state } = ledger.all()[0]?.cameraExports[0]?.record ?? { state: null };
      return state !== null && "evidenceId" in state ? state.evidenceId : null;
    };
    pipeline.start(await exportOfGate());
    await vi.waitFor(() => expect(sending.called.some(isUpload)).toBe(true), { timeout: 10_000 });
    const forgotten = evidenceId();
    // Twice within the same milliseconds nothing came.
    await expect.poll(() => sending.service.purge()).toEqual([forgotten]);
    sending.capUploads(null);
    const segmentState = () => ledger.all()[0]?.cameraExports[0]?.segments[0]?.record.state.kind;
    await vi.waitFor(() => expect(segmentState()).toBe("verified"), { timeout: 20_000 });
    expect(evidenceId()).not.toBe(forgotten);
    expect(ledger.all()[0]?.cameraExports[0]?.record.generation).toBe(2);
  });
});

async function exportOfGate() {
  const { cameraId, cameraName, name, description, range } = EVIDENCE;
  const cameraExports = [{ cameraId, cameraName, name, description, range }];
  const request = { requestId: randomUUID(), cameraExports, caseAssociation: { kind: "none" as const } };
  const call = { signal: new AbortController().signal, reportWaiting: () => undefined };
  const admitted = await admitExport(
    { request, createdBy: "operator", createdUtcMs: Date.now() },
    new MemoryArchive(),
    call,
  );
  if (!admitted.ok) throw new Error(admitted.error.message);
  return admitted.value;
}
