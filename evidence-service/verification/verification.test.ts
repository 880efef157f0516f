import { createHash } from "node:crypto";
import { mkdtemp, open, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CurrentManifest, CurrentSentSegment, Manifest } from "#shared/manifest/manifest.ts";
import {
  webEvidenceAnswerSchema,
  WEB_CHANGE_HEADER,
  webVerificationSchema,
} from "#shared/web-api/web-api.ts";
import { encryptGcm } from "../testing/encrypt.ts";
import { manifestOf, TestDevice } from "../testing/sign-manifest.ts";
import { cutLikeAnArchive, makeFootage } from "../testing/test-footage.ts";
import { TestSite } from "../testing/test-site.ts";

const START_UTC_MS = Date.parse("2026-11-23T10:00:00.000Z");
/** Of `newEvidence`, in two parts. */
const RANGE = { startUtcMs: START_UTC_MS, endUtcMs: START_UTC_MS + 120_000 };
const DEVICE_KEYS = "/documents/api/v1/tenant/TENANT/devicekey";

let folder: string;
let site: TestSite;
let device: TestDevice;
let parts: Buffer[];
let cookie: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "verification-"));
  site = await TestSite.start();
  device = new TestDevice();
  expect((await site.call("POST", DEVICE_KEYS, device.registration())).status).toBe(200);
  const footage = await makeFootage(folder, 0);
  parts = [await cutLikeAnArchive(footage, 1, 2), await cutLikeAnArchive(footage, 2, 3)];
  const signIn = await fetch(`${site.service.url}/web/api/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json", [WEB_CHANGE_HEADER]: "1" },
    body: JSON.stringify({ username: "investigator", password: "investigator" }),
  });
  cookie = signIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
});

afterAll(async () => {
  await site.stop();
  await rm(folder, { recursive: true, force: true });
});

async function upload(evidenceId: string, plain: Buffer, change: object) {
  const file = encryptGcm(plain, await site.publicKey(), 65_536);
  const { Uri, ResourceId } = await site.uploadAddress(evidenceId, change);
  await new BlockBlobClient(Uri).uploadData(file.bytes, { metadata: file.metadata });
  await site.completeResource(evidenceId, ResourceId);
  return { ...file, resourceId: ResourceId };
}

/** Sends one part as a console does. @returns what its manifest says of it */
async function sendPart(evidenceId: string, index: number): Promise<CurrentSentSegment> {
  const plain = parts[index] ?? Buffer.alloc(0);
  const askedRange = {
    startUtcMs: START_UTC_MS + index * 60_000,
    endUtcMs: START_UTC_MS + (index + 1) * 60_000,
  };
  const firstFrameUtcUs = (askedRange.startUtcMs + 20) * 1_000 + 7;
  const name = `North ${index + 1} of 2.mp4`;
  const file = await upload(evidenceId, plain, {
    Name: name,
    StartTimeUtc: new Date(askedRange.startUtcMs + 20).toISOString(),
    EndTimeUtc: new Date(askedRange.startUtcMs + 1_020).toISOString(),
  });
  const { kid } = await site.publicKey();
  return {
    kind: "sent",
    index,
    resourceId: file.resourceId,
    name,
    askedRange,
    footage: {
      firstFrameUtcUs,
      lastFrameUtcUs: firstFrameUtcUs + 960_000,
      endUtcUs: firstFrameUtcUs + 1_000_000,
      frameCount: 25,
      preRollFrameCount: 0,
      gaps: [],
      clock: {
        ...{ driftMs: -250, leastDriftMs: -250, mostDriftMs: 120 },
        ...{ firstArrivalUtcMs: askedRange.startUtcMs + 4_120, lastArrivalUtcMs: askedRange.endUtcMs },
      },
      cameraTime: {
        stretches: [
          {
            ...{ startUtcUs: firstFrameUtcUs, endUtcUs: firstFrameUtcUs + 960_000 },
            ...{ startCameraUs: -40, endCameraUs: 806_360, ratePpm: null },
          },
        ],
        jumps: [{ atUtcUs: firstFrameUtcUs + 960_000, byUs: null }],
        unknownMs: 40,
      },
      leftOut: [{ kind: "sound", format: "G.711 µ-law" }],
      ratioSet: "16:9",
    },
    plaintext: { lengthBytes: plain.length, sha256: createHash("sha256").update(plain).digest("hex") },
    ciphertext: { lengthBytes: file.bytes.length, sha512: file.sha512 },
    encryption: { protocol: "2.0", keyId: kid },
  };
}

/** Sends an evidence of two parts with the manifest that `write` makes of the true one, or with none. */
async function send(write: (manifest: CurrentManifest) => string | null): Promise<string> {
  const { EvidenceId } = await site.createEvidence();
  const segments = [await sendPart(EvidenceId, 0), await sendPart(EvidenceId, 1)];
  const checksums = Object.fromEntries(segments.map((one) => [one.resourceId, one.ciphertext.sha512]));
  const text = write(manifestOf(EvidenceId, "north", RANGE, segments));
  if (text !== null) {
    const change = { Name: "manifest.json", MimeType: "application/json" };
    const { resourceId, sha512 } = await upload(EvidenceId, Buffer.from(text), change);
    checksums[resourceId] = sha512;
  }
  expect((await site.completeEvidence(EvidenceId, checksums)).status).toBe(200);
  await expect
    .poll(async () => (await site.readEvidence(EvidenceId)).LifecycleState, { timeout: 20_000 })
    .not.toBe("Processing");
  return EvidenceId;
}

async function web(path: string): Promise<unknown> {
  const answer = await fetch(`${site.service.url}/web/api/evidence/${path}`, { headers: { cookie } });
  expect(answer.status).toBe(200);
  return await answer.json();
}

/** Whatever it finds is an answer, never a failure of the service. */
async function verifyNow(evidenceId: string) {
  const answer = await askToVerify(evidenceId);
  expect(answer.status).toBe(200);
  return webVerificationSchema.parse(await answer.json());
}

function askToVerify(evidenceId: string): Promise<Response> {
  const headers = { cookie, [WEB_CHANGE_HEADER]: "1" };
  const url = `${site.service.url}/web/api/evidence/${evidenceId}/verification`;
  return fetch(url, { method: "POST", headers });
}

async function verificationOf(evidenceId: string) {
  return webEvidenceAnswerSchema.parse(await web(evidenceId)).verification;
}

describe("evidence whose manifest is true", () => {
  test("is available and verified, and verified again to the last byte when that is asked for", async () => {
    const evidenceId = await send((manifest) => device.text(manifest));
    expect((await site.readEvidence(evidenceId)).LifecycleState).toBe("Available");
    const first = await verificationOf(evidenceId);
    expect(first).toMatchObject({
      outcome: "verified",
      depth: "stored",
      keyId: device.keyId,
      differences: [],
    });
    const now = await verifyNow(evidenceId);
    expect(now).toMatchObject({ outcome: "verified", depth: "whole", differences: [] });
    expect(await verificationOf(evidenceId)).toEqual(now);
  });

  test("is available with a manifest of version 1 as well, which says nothing of the clock", async () => {
    const evidenceId = await send((manifest) => {
      const before = asBefore(manifest);
      const segments = before.segments.map((segment) => {
        if (segment.kind === "missing" || segment.footage === null) return { ...segment, footage: null };
        const { clock: _clock, ...footage } = segment.footage;
        return { ...segment, footage };
      });
      return device.text({ ...before, version: 1, segments } as unknown as Manifest);
    });
    expect(await verificationOf(evidenceId)).toMatchObject({ outcome: "verified", differences: [] });
  });

  test("is available with a manifest of version 2 as well, which says nothing of account and site's clock", async () => {
    const evidenceId = await send((manifest) =>
      device.text({ ...asBefore(manifest), version: 2 } as Manifest),
    );
    expect(await verificationOf(evidenceId)).toMatchObject({ outcome: "verified", differences: [] });
  });

  test("is available with a manifest of version 3 as well, which says nothing of the camera's own time", async () => {
    const evidenceId = await send((manifest) =>
      device.text({ ...manifest, ...ofSegmentsBefore(manifest), version: 3 } as Manifest),
    );
    expect(await verificationOf(evidenceId)).toMatchObject({ outcome: "verified", differences: [] });
  });

  test("a byte that changes on the disk later is found, and its file named", async () => {
    const evidenceId = await send((manifest) => device.text(manifest));
    const answer = webEvidenceAnswerSchema.parse(await web(evidenceId));
    const second = answer.resources.find(({ name }) => name === "North 2 of 2.mp4");
    await changeByte(join(site.dir, "blobs", second?.resourceId ?? ""), 5_000);
    const now = await verifyNow(evidenceId);
    expect(now.outcome).toBe("failed");
    expect(now.differences).toHaveLength(2);
    for (const difference of now.differences) expect(difference).toContain("“North 2 of 2.mp4”");
  });
});

async function changeByte(blobFolder: string, offset: number): Promise<void> {
  const [block] = await readdir(blobFolder);
  const file = await open(join(blobFolder, block ?? ""), "r+");
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, offset);
  await file.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, offset);
  await file.close();
}

function changedPart(manifest: CurrentManifest, change: Partial<CurrentSentSegment>): CurrentManifest {
  const [first, ...others] = manifest.segments;
  if (first?.kind !== "sent") throw new Error("The first part was sent.");
  return { ...manifest, segments: [{ ...first, ...change }, ...others] };
}

function footageOf(manifest: CurrentManifest) {
  const [first] = manifest.segments;
  if (first?.kind !== "sent" || first.footage === null) throw new Error("The first part has footage.");
  return first.footage;
}

describe("evidence whose manifest is wrong is never available", () => {
  test.each<[string, (manifest: CurrentManifest) => string, RegExp]>([
    ["another evidence", (m) => device.text({ ...m, evidenceId: "other" }), /of another evidence/],
    ["another camera", (m) => device.text({ ...m, camera: { ...m.camera, id: "south" } }), /another camera/],
    [
      "another range",
      (m) => device.text({ ...m, asked: { ...m.asked, range: { ...RANGE, endUtcMs: RANGE.endUtcMs + 1 } } }),
      /another time range.*do not fill/,
    ],
    [
      "a part left out",
      (m) => device.text({ ...m, segments: m.segments.slice(0, 1) }),
      /do not fill.*“North 2 of 2.mp4” \(\S+\) is not in the manifest/,
    ],
    [
      "a file that is not there",
      (m) => device.text(changedPart(m, { resourceId: "gone" })),
      /“North 1 of 2.mp4” \(gone\) is in the manifest and not among the files/,
    ],
    [
      "another length",
      (m) => device.text(changedPart(m, { ciphertext: { lengthBytes: 1, sha512: "0".repeat(128) } })),
      /“North 1 of 2.mp4” \(\S+\) is [\d,]+ bytes long; the manifest says 1.*another SHA-512/,
    ],
    [
      "another time",
      (m) => {
        const footage = { ...footageOf(m), firstFrameUtcUs: START_UTC_MS * 1_000 };
        return device.text(changedPart(m, { footage }));
      },
      /“North 1 of 2.mp4” \(\S+\) lies at another time/,
    ],
    [
      "another encryption",
      (m) => device.text(changedPart(m, { encryption: { protocol: "1.0", keyId: "k" } })),
      /“North 1 of 2.mp4” \(\S+\) is encrypted in another way/,
    ],
    ["a key nobody registered", (m) => new TestDevice().text(m), /has not registered here/],
    [
      "a changed byte in the manifest",
      (m) => device.text(m).replace('"by":"operator"', '"by":"operatos"'),
      /signature does not fit its content/,
    ],
    [
      "a changed byte in the signature",
      (m) =>
        device.text(m).replace(/"value":"./, (start) => (start.endsWith("A") ? '"value":"B' : '"value":"A')),
      /signature does not fit its content/,
    ],
    [
      "a changed byte in the key",
      (m) => device.text(m).replace(`"keyId":"${device.keyId}`, `"keyId":"${"0".repeat(64)}`),
      /key id is not that of the key/,
    ],
    [
      "a changed bit that base64 does not read",
      (m) => {
        const text = device.text(m);
        const last = text.lastIndexOf('=="}}') - 1;
        const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        const other = digits.charAt(digits.indexOf(text.charAt(last)) + 1);
        return text.slice(0, last) + other + text.slice(last + 1);
      },
      /canonical form/,
    ],
    [
      "a clock in version 1, which has none",
      (m) => device.text({ ...asBefore(m), version: 1 } as unknown as Manifest),
      /cannot be read.*"segments"/,
    ],
    [
      "the site's clock in version 2, which has none",
      (m) => device.text({ ...m, ...ofSegmentsBefore(m), version: 2 } as unknown as Manifest),
      /cannot be read.*"site"/,
    ],
    [
      "the camera's own time in version 3, which has none",
      (m) => device.text({ ...m, version: 3 } as unknown as Manifest),
      /cannot be read.*"segments"/,
    ],
    [
      "a version that is not known yet",
      (m) => device.text({ ...m, version: 5 } as unknown as Manifest),
      /cannot be read.*version/,
    ],
    ["spaces in it", (m) => JSON.stringify(device.signed(m), null, 1), /canonical form/],
    ["no JSON in it", () => "no", /cannot be read/],
  ])("%s", async (_what, write, sentence) => {
    const evidenceId = await send(write);
    const { LifecycleState: state, LifecycleDetail: detail } = await site.readEvidence(evidenceId);
    expect([state, detail]).toEqual(["Failed", expect.stringMatching(sentence)]);
    expect((await verificationOf(evidenceId))?.outcome).toBe("failed");
  });
});

test("evidence without a manifest is available, and said to have none", async () => {
  const evidenceId = await send(() => null);
  expect((await site.readEvidence(evidenceId)).LifecycleState).toBe("Available");
  expect(await verificationOf(evidenceId)).toMatchObject({ outcome: "absent", keyId: null });
});

test("a video that is not what the archive gave is found by verifying to the last byte", async () => {
  const plaintext = { lengthBytes: 1, sha256: "0".repeat(64) };
  const evidenceId = await send((manifest) => device.text(changedPart(manifest, { plaintext })));
  const now = await verifyNow(evidenceId);
  expect(now.differences).toEqual([expect.stringMatching(/“North 1 of 2.mp4” .* not what the archive gave/)]);
});

test("evidence that is still arriving cannot be verified yet", async () => {
  const { EvidenceId } = await site.createEvidence();
  const answer = await askToVerify(EvidenceId);
  expect([answer.status, await answer.json()]).toMatchObject([409, { code: "NOT_COMPLETED" }]);
});

test("a key is registered once, and only under its own id", async () => {
  const again = await site.call("POST", DEVICE_KEYS, device.registration());
  expect(again).toMatchObject({ status: 200, body: { KeyId: device.keyId } });
  const wrong = { ...device.registration(), KeyId: "0".repeat(64) };
  expect(await site.call("POST", DEVICE_KEYS, wrong)).toMatchObject({
    status: 400,
    body: { code: "KEY_ID_WRONG" },
  });
});

/** As it was before version 3. */
function asBefore({ account: _account, site, ...manifest }: CurrentManifest) {
  const { utcOffsetMinutes: _offsets, ...place } = site;
  return { ...manifest, ...ofSegmentsBefore(manifest), site: place };
}

/** As they were before version 4. */
function ofSegmentsBefore({ segments }: Pick<CurrentManifest, "segments">) {
  return {
    segments: segments.map((segment) => {
      if (segment.kind === "missing" || segment.footage === null) return segment;
      const { cameraTime: _time, leftOut: _leftOut, ratioSet: _ratio, ...footage } = segment.footage;
      return { ...segment, footage };
    }),
  };
}
