/** What every destination is held to. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { NewCase } from "#shared/domain/case.ts";
import type { EvidenceDestination, FileToSend } from "./evidence-destination.ts";
import type { PortCall, PortOutcome } from "./port-call.ts";

/** A file in the spool that the destination sends from. */
export interface SpooledForSuite {
  readonly file: FileToSend;
  readonly sha512: string;
}

export interface DestinationUnderTest {
  readonly destination: EvidenceDestination;
  /** One that cases may name. */
  readonly departmentId: string;
  /** Puts a file into the spool, encrypted for this destination. */
  readonly spool: () => Promise<SpooledForSuite>;
  /** The spool has lost a file, or gives it back with other bytes. */
  readonly lose: (fileId: string) => Promise<void>;
  readonly damage: (fileId: string) => Promise<void>;
  /** The service purges an evidence that was not completed in time. */
  readonly forget: (evidenceId: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

const CALL = { signal: new AbortController().signal, reportWaiting: () => undefined };
const RANGE = { startUtcMs: Date.UTC(2026, 0, 1, 10), endUtcMs: Date.UTC(2026, 0, 1, 11) };
const DONE = { ok: true, value: undefined };
const GONE = { ok: false, error: { kind: "gone" } };
const KEY = {
  algorithm: "Ed25519",
  keyId: "c1c4f6a3ab5c9b0e7ab0e4a8d7a9c7e2d9b6a5f4e3d2c1b0a9f8e7d6c5b4a392",
  publicKey: Buffer.alloc(32, 7).toString("base64"),
} as const;

function must<T>(outcome: PortOutcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.error.code}: ${outcome.error.message}`);
  return outcome.value;
}

export function describeDestination(name: string, open: () => Promise<DestinationUnderTest>): void {
  describe(`${name}, as every destination,`, () => {
    let tested: DestinationUnderTest;
    let destination: EvidenceDestination;
    beforeAll(async () => {
      tested = await open();
      ({ destination } = tested);
    });
    afterAll(() => tested.close());

    const evidenceRequest = (externalId: string = randomUUID()) => ({
      ...{ externalId, name: "Gate", description: "", range: RANGE, caseId: null, askedBy: "olga" },
      ...{ cameraId: "gate", cameraName: "Gate" },
    });
    const newEvidence = async () =>
      must(await destination.createEvidence(evidenceRequest(), CALL)).evidenceId;

    /** Sends a file, told what the observer hears. */
    async function send(evidenceId: string, { file }: SpooledForSuite, call: PortCall = CALL) {
      const places: string[] = [];
      const progress: number[] = [];
      const externalId = `${file.fileId}-1`;
      const resource = { evidenceId, externalId, name: "1 of 1.mp4", mimeType: "video/mp4", range: RANGE };
      const observer = {
        onPlace: (id: string) => void places.push(id),
        onProgress: (bytes: number) => void progress.push(bytes),
      };
      const sent = await destination.sendFile({ resource, file }, observer, call);
      return { sent, places, progress, resourceId: places[0] ?? "" };
    }

    /** An evidence with one file that is there and complete. */
    async function evidenceWithFile() {
      const evidenceId = await newEvidence();
      const spooled = await tested.spool();
      const { resourceId, sent } = await send(evidenceId, spooled);
      must(sent);
      must(await destination.completeResource(evidenceId, resourceId, CALL));
      return { evidenceId, checksum: { resourceId, sha512: spooled.sha512 } };
    }

    test("tells one key that files are encrypted for", async () => {
      const key = must(await destination.recipientKey(CALL));
      expect(key).toMatchObject({
        jwk: { kty: "RSA" },
        protocol: expect.stringMatching(/^[12]\.0$/) as string,
      });
      expect(key.jwk.kid).not.toBe("");
      expect(await destination.recipientKey(CALL)).toEqual({ ok: true, value: key });
    });

    test("creates a case once, however often it is asked with the same id", async () => {
      const newCase: NewCase = {
        ...{ name: "Theft", departmentId: tested.departmentId, categoryId: null, recordNumber: "" },
        ...{ incidentNumber: "", incidentStartUtcMs: null, incidentEndUtcMs: null },
        ...{ description: "", location: "", tags: [], customFields: [] },
      };
      const request = { externalId: randomUUID(), newCase, askedBy: "olga" };
      const first = must(await destination.createCase(request, CALL));
      expect(must(await destination.createCase(request, CALL))).toEqual(first);
      const other = must(await destination.createCase({ ...request, externalId: randomUUID() }, CALL));
      expect(other.caseId).not.toBe(first.caseId);
    });

    test("creates an evidence once, however often it is asked with the same id", async () => {
      const request = evidenceRequest();
      const first = must(await destination.createEvidence(request, CALL));
      expect(must(await destination.createEvidence(request, CALL))).toEqual(first);
      expect(await newEvidence()).not.toBe(first.evidenceId);
    });

    test("tells a file's place before its first byte, and all bytes in the end", async () => {
      const spooled = await tested.spool();
      const { sent, places, progress } = await send(await newEvidence(), spooled);
      expect(sent).toEqual(DONE);
      expect(places).toHaveLength(1);
      expect(progress.at(-1)).toBe(spooled.file.lengthBytes);
    });

    test("sends a file to the same place again, and succeeds at once where it has it", async () => {
      const evidenceId = await newEvidence();
      const spooled = await tested.spool();
      const first = await send(evidenceId, spooled);
      await tested.lose(spooled.file.fileId);
      const second = await send(evidenceId, spooled);
      expect([second.sent, second.places]).toEqual([DONE, first.places]);
      const stored = { ok: true, value: { lengthBytes: spooled.file.lengthBytes } };
      expect(await destination.completeResource(evidenceId, first.resourceId, CALL)).toEqual(stored);
      expect(await destination.completeResource(evidenceId, first.resourceId, CALL)).toEqual(stored);
      expect((await send(evidenceId, spooled)).sent).toEqual(DONE);
    });

    test.each([
      ["lost", "SPOOL_FILE_LOST"],
      ["damaged", "SPOOL_FILE_DAMAGED"],
    ] as const)(
      "says of a file that the spool has %s, and has nothing of it that counts",
      async (how, code) => {
        const evidenceId = await newEvidence();
        const spooled = await tested.spool();
        await (how === "lost" ? tested.lose : tested.damage)(spooled.file.fileId);
        const { sent, resourceId } = await send(evidenceId, spooled);
        expect(sent).toMatchObject({ ok: false, error: { kind: "permanent", code } });
        expect(await destination.completeResource(evidenceId, resourceId, CALL)).toMatchObject({
          ok: false,
          error: { kind: "permanent", code: "BLOB_NOT_COMMITTED" },
        });
      },
    );

    test("completes an evidence with the checksums of its files, and the same again", async () => {
      const { evidenceId, checksum } = await evidenceWithFile();
      expect(await destination.lifecycle(evidenceId, CALL)).toEqual({
        ok: true,
        value: { kind: "receiving" },
      });
      expect(await destination.completeEvidence(evidenceId, [checksum], CALL)).toEqual(DONE);
      expect(await destination.completeEvidence(evidenceId, [checksum], CALL)).toEqual(DONE);
      expect(must(await destination.lifecycle(evidenceId, CALL)).kind).not.toBe("receiving");
    });

    test("refuses a completion with a file missing, unknown or not complete, with another checksum, and a second one", async () => {
      const { evidenceId, checksum } = await evidenceWithFile();
      const refused = (code: string) => ({ ok: false, error: { kind: "permanent", code } });
      const complete = (checksums: readonly { resourceId: string; sha512: string }[]) =>
        destination.completeEvidence(evidenceId, checksums, CALL);
      const unknown = { ...checksum, resourceId: randomUUID() };
      expect(await complete([checksum, unknown])).toMatchObject(refused("UNKNOWN_RESOURCE"));
      const open = await send(evidenceId, await tested.spool());
      expect(await complete([checksum])).toMatchObject(refused("RESOURCE_NOT_COMPLETED"));
      must(await destination.completeResource(evidenceId, open.resourceId, CALL));
      expect(await complete([checksum])).toMatchObject(refused("CHECKSUM_MISSING"));
      const wrong = { resourceId: open.resourceId, sha512: "0".repeat(128) };
      expect(await complete([checksum, wrong])).toMatchObject(refused("CHECKSUM_MISMATCH"));
      const other = await evidenceWithFile();
      must(await destination.completeEvidence(other.evidenceId, [other.checksum], CALL));
      expect(
        await destination.completeEvidence(
          other.evidenceId,
          [{ ...other.checksum, sha512: "0".repeat(128) }],
          CALL,
        ),
      ).toMatchObject(refused("EVIDENCE_COMPLETED"));
    });

    test("says of an evidence that the service has purged that it is gone, whatever is asked", async () => {
      const { evidenceId, checksum } = await evidenceWithFile();
      await tested.forget(evidenceId);
      const spooled = await tested.spool();
      expect((await send(evidenceId, spooled)).sent).toMatchObject(GONE);
      expect(await destination.completeResource(evidenceId, checksum.resourceId, CALL)).toMatchObject(GONE);
      expect(await destination.completeEvidence(evidenceId, [checksum], CALL)).toMatchObject(GONE);
      expect(await destination.lifecycle(evidenceId, CALL)).toMatchObject(GONE);
    });

    test("takes the console's key, and does not mind to have it", async () => {
      expect(await destination.registerDeviceKey(KEY, CALL)).toEqual(DONE);
      expect(await destination.registerDeviceKey(KEY, CALL)).toEqual(DONE);
    });

    test("tells the service's time, or that nobody knows it", async () => {
      const measured = must(await destination.measureClock(CALL));
      if (measured !== null) expect(measured.uncertaintyMs).toBeGreaterThan(0);
    });

    test("does nothing for a caller who has given up", async () => {
      const { evidenceId, checksum } = await evidenceWithFile();
      const givenUp = { ...CALL, signal: AbortSignal.abort() };
      const aborted = { ok: false, error: { kind: "aborted" } };
      expect(await destination.recipientKey(givenUp)).toMatchObject(aborted);
      expect(await destination.createEvidence(evidenceRequest(), givenUp)).toMatchObject(aborted);
      expect((await send(evidenceId, await tested.spool(), givenUp)).sent).toMatchObject(aborted);
      expect(await destination.completeResource(evidenceId, checksum.resourceId, givenUp)).toMatchObject(
        aborted,
      );
      expect(await destination.completeEvidence(evidenceId, [checksum], givenUp)).toMatchObject(aborted);
      expect(await destination.lifecycle(evidenceId, givenUp)).toMatchObject(aborted);
      expect(must(await destination.lifecycle(evidenceId, CALL)).kind).toBe("receiving");
    });
  });
}
