/** What every spool is held to. */
import { createHash, randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ReadingObserver, RecipientKey, SegmentSpool, SpoolJob } from "./segment-spool.ts";

export interface SpoolUnderTest {
  readonly spool: SegmentSpool;
  readonly recipient: RecipientKey;
  /** A range of which there is footage, and one of which there is none. */
  readonly recorded: SpoolJob["range"];
  readonly empty: SpoolJob["range"];
  /** Does this while the footage comes to no end. */
  readonly whileStuck: (work: () => Promise<void>) => Promise<void>;
  readonly close: () => Promise<void>;
}

const CALL = { signal: new AbortController().signal, reportWaiting: () => undefined };
const UNHEARD = { onBegin: () => undefined, onProgress: () => undefined };
const TEXT = '{"camera":"Gate, fa\u00e7ade"}';

export function describeSpool(name: string, open: () => Promise<SpoolUnderTest>): void {
  describe(`${name}, as every spool,`, () => {
    let tested: SpoolUnderTest;
    let spool: SegmentSpool;
    beforeAll(async () => {
      tested = await open();
      ({ spool } = tested);
    });
    afterAll(() => tested.close());

    const jobOf = (segmentId: string = randomUUID(), range = tested.recorded): SpoolJob => ({
      ...{ segmentId, range, recipient: tested.recipient },
      ...{ exportId: "export", cameraExportId: "camera-export", cameraId: "gate", lengthBytes: 0 },
    });
    const filesNow = async () => {
      const space = await spool.space();
      if (!space.ok) throw new Error(space.error.message);
      return space.value.files;
    };

    test("has a whole file under the segment's name once it has written it, and tells its length", async () => {
      const job = jobOf();
      const heard: (number | "begin")[] = [];
      const observer: ReadingObserver = {
        onBegin: () => void heard.push("begin"),
        onProgress: (bytes) => void heard.push(bytes),
      };
      const written = await spool.write(job, observer, CALL);
      if (!written.ok) throw new Error(written.error.message);
      const { file, encryptionData } = written.value;
      expect((await filesNow()).get(job.segmentId)).toBe(file.ciphertextLengthBytes);
      expect(file.ciphertextLengthBytes).toBeGreaterThan(file.plaintextLengthBytes);
      expect([heard[0], heard.at(-1)]).toEqual(["begin", file.plaintextLengthBytes]);
      expect(file.plaintextSha256).toMatch(/^[0-9a-f]{64}$/);
      expect(file.ciphertextSha512).toMatch(/^[0-9a-f]{128}$/);
      expect(JSON.parse(encryptionData)).toMatchObject({
        WrappedContentKey: { KeyId: tested.recipient.jwk.kid },
      });
    });

    test("starts anew with a new key when it writes a segment again, and has it once", async () => {
      const job = jobOf();
      const [first, second] = [await spool.write(job, UNHEARD, CALL), await spool.write(job, UNHEARD, CALL)];
      if (!first.ok || !second.ok) throw new Error("It was not written.");
      expect(second.value.encryptionData).not.toBe(first.value.encryptionData);
      expect(second.value.file.ciphertextSha512).not.toBe(first.value.file.ciphertextSha512);
      expect(second.value.file.plaintextSha256).toBe(first.value.file.plaintextSha256);
      expect([...(await filesNow()).keys()].filter((id) => id === job.segmentId)).toHaveLength(1);
    });

    test("has nothing of a range without a frame, and says so", async () => {
      const job = jobOf(undefined, tested.empty);
      const written = await spool.write(job, UNHEARD, CALL);
      expect(written).toMatchObject({ ok: false, error: { kind: "no-footage", code: "NO_FOOTAGE" } });
      expect((await filesNow()).has(job.segmentId)).toBe(false);
    });

    test("gives a write up at once when its caller does, and has nothing of it; it may be asked again", async () => {
      const job = jobOf();
      await tested.whileStuck(async () => {
        const abort = new AbortController();
        const begun = Promise.withResolvers<void>();
        const observer = { onBegin: () => begun.resolve(), onProgress: () => undefined };
        const writing = spool.write(job, observer, { ...CALL, signal: abort.signal });
        await begun.promise;
        abort.abort();
        expect(await writing).toMatchObject({ ok: false, error: { kind: "aborted" } });
      });
      expect((await filesNow()).has(job.segmentId)).toBe(false);
      expect((await spool.write(job, UNHEARD, CALL)).ok).toBe(true);
    });

    test("does nothing for a caller who has given up before", async () => {
      const given = { ...CALL, signal: AbortSignal.abort() };
      const document = { fileId: randomUUID(), text: TEXT, recipient: tested.recipient };
      const job = jobOf();
      expect(await spool.write(job, UNHEARD, given)).toMatchObject({ error: { kind: "aborted" } });
      expect(await spool.writeDocument(document, given)).toMatchObject({ error: { kind: "aborted" } });
      const files = await filesNow();
      expect([files.has(job.segmentId), files.has(document.fileId)]).toEqual([false, false]);
    });

    test("writes a text as it writes a segment, and again with another key", async () => {
      const document = { fileId: randomUUID(), text: TEXT, recipient: tested.recipient };
      const first = await spool.writeDocument(document, CALL);
      const second = await spool.writeDocument(document, CALL);
      if (!first.ok || !second.ok) throw new Error("It was not written.");
      const { file } = second.value;
      expect(file).toMatchObject({
        plaintextLengthBytes: Buffer.byteLength(TEXT),
        plaintextSha256: createHash("sha256").update(TEXT).digest("hex"),
      });
      expect(file.ciphertextSha512).not.toBe(first.value.file.ciphertextSha512);
      expect((await filesNow()).get(document.fileId)).toBe(file.ciphertextLengthBytes);
    });

    test("removes what it has, and does not mind what it has not", async () => {
      const job = jobOf();
      await spool.write(job, UNHEARD, CALL);
      await spool.remove(job.segmentId);
      await spool.remove(job.segmentId);
      await spool.remove("never written");
      expect((await filesNow()).has(job.segmentId)).toBe(false);
    });

    test("sweeps away all but what is named", async () => {
      const [kept, lost] = [jobOf(), jobOf()];
      for (const job of [kept, lost]) await spool.write(job, UNHEARD, CALL);
      await spool.sweep(new Set([kept.segmentId, "never written"]));
      expect([...(await filesNow()).keys()]).toEqual([kept.segmentId]);
    });

    test("tells its figures", async () => {
      const space = await spool.space();
      if (!space.ok) throw new Error(space.error.message);
      const { folder, quotaBytes, freeBytes, diskBytes, reserveBytes } = space.value;
      expect(folder).not.toBe("");
      expect(quotaBytes).toBeGreaterThan(0);
      expect(reserveBytes).toBeGreaterThanOrEqual(0);
      expect(freeBytes).toBeLessThanOrEqual(diskBytes);
    });
  });
}
