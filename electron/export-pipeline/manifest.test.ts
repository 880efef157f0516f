import { REFUSED } from "./testing/hindered-calls.ts";
import { createPublicKey, verify } from "node:crypto";
import { describe, expect, test } from "vitest";
import { HOUR_MS } from "#shared/domain/time-range.ts";
import type { Manifest } from "#shared/manifest/manifest.ts";
import { manifestText, signedManifestSchema, signedManifestText } from "#shared/manifest/signed-manifest.ts";
import { portSucceeded } from "./ports/port-call.ts";
import type { MemoryEvidence } from "./testing/memory-service.ts";
import { cameraExport, exportOf, NOW, World } from "./testing/world.ts";

const REQUEST = cameraExport("a", 3);

/** The manifest that the service has of an evidence. @throws Error when there is not exactly one */
function textOfManifest(world: World, evidence: MemoryEvidence | undefined): string {
  const [manifest, ...more] = [...(evidence?.manifests.values() ?? [])];
  if (manifest?.completed !== true || more.length > 0) throw new Error("There is not one manifest.");
  const text = world.spool.documents.get(manifest.stored?.file.ciphertextSha512 ?? "");
  if (text === undefined) throw new Error("It was not written through the spool.");
  return text;
}

async function sent(world: World): Promise<{ text: string; manifest: Manifest }> {
  const run = await world.started(exportOf([REQUEST]));
  await run.ended();
  expect([run.kind(), ...run.bugs]).toEqual(["available"]);
  const text = textOfManifest(world, world.evidence()[0]);
  return { text, manifest: signedManifestSchema.parse(JSON.parse(text)).manifest };
}

describe("the manifest of an evidence", () => {
  test("tells how each part's footage arrived, by the archive's clock, and null where it does not know", async () => {
    const world = new World();
    const clock = {
      ...{ driftMs: 310, leastDriftMs: -40, mostDriftMs: 310 },
      ...{ firstArrivalUtcMs: REQUEST.range.startUtcMs + 4_000, lastArrivalUtcMs: REQUEST.range.endUtcMs },
    };
    world.archive.clock = clock;
    const { manifest } = await sent(world);
    expect(manifest.version).toBe(4);
    expect(manifest.segments).toMatchObject(Array(3).fill({ footage: { clock } }));
    const { manifest: without } = await sent(new World());
    expect(without.segments).toMatchObject(Array(3).fill({ footage: { clock: null } }));
  });

  test("tells the camera's own time and what was not recorded, and null where the archive does not know", async () => {
    const world = new World();
    const atUtcUs = REQUEST.range.startUtcMs * 1000;
    const stretch = { startUtcUs: atUtcUs, endUtcUs: atUtcUs + 60_000_000, startCameraUs: 90_000 };
    const beside = {
      cameraTime: {
        stretches: [{ ...stretch, endCameraUs: 50_490_000, ratePpm: 840_000 }],
        jumps: [{ atUtcUs, byUs: 3_600_000_000 }],
        unknownMs: 0,
        timesOfDay: [{ atUtcUs, cameraUtcUs: atUtcUs + 90_000_000 }],
      },
      leftOut: [{ kind: "sound" as const, format: "G.711 µ-law" }],
      ratioSet: "16:9",
    };
    world.archive.beside = beside;
    const { manifest } = await sent(world);
    expect(manifest.segments).toMatchObject(Array(3).fill({ footage: beside }));
    const { manifest: without } = await sent(new World());
    expect(without.segments).toMatchObject(Array(3).fill({ footage: { cameraTime: null, leftOut: null } }));
    for (const segment of without.segments) expect(segment).not.toHaveProperty("footage.ratioSet");
  });

  test("tells which recording was asked for where the archive holds two, and every part is of that one", async () => {
    const world = new World();
    const recording = "1763899200000";
    const run = await world.started(exportOf([{ ...REQUEST, recording }]));
    await run.ended();
    const text = textOfManifest(world, world.evidence()[0]);
    const { manifest } = signedManifestSchema.parse(JSON.parse(text));
    expect(manifest.asked).toMatchObject({ recording, range: REQUEST.range });
    expect(world.archive.plannedRanges).not.toHaveLength(0);
    expect(new Set(world.archive.plannedRanges.map((range) => range.recording))).toEqual(
      new Set([recording]),
    );
    expect(new Set(world.spool.jobs.map(({ range }) => range.recording))).toEqual(new Set([recording]));
    expect((await sent(new World())).manifest.asked).not.toHaveProperty("recording");
  });

  test("tells what was asked, recorded and sent, part by part", async () => {
    const world = new World();
    const { startUtcMs, endUtcMs } = REQUEST.range;
    world.archive.emptyFromUtcMs.add(startUtcMs + HOUR_MS);
    const gap = { startUtcMs: endUtcMs - HOUR_MS, endUtcMs: endUtcMs - HOUR_MS + 90_000 };
    world.archive.gaps.push(gap);
    const { manifest } = await sent(world);
    const [evidence] = world.evidence();
    expect(manifest).toMatchObject({
      exportId: "export-1",
      evidenceId: evidence?.evidenceId,
      asked: { by: "operator", atUtcMs: NOW, range: REQUEST.range },
      site: { name: "Test site", timeZone: "Europe/Berlin", utcOffsetMinutes: { atStart: 60, atEnd: 60 } },
      camera: { id: "a", name: "Camera a", area: "Gate" },
      coverage: {
        askedMs: 3 * HOUR_MS,
        recordedMs: 2 * HOUR_MS - 90_000,
        missingMs: HOUR_MS + 90_000,
        sentMs: 2 * HOUR_MS - 90_000,
      },
      serviceClock: { offsetMs: 1_500, uncertaintyMs: 510 },
    });
    expect(manifest.segments.map(({ kind }) => kind)).toEqual(["sent", "missing", "sent"]);
    expect(manifest.segments[2]).toMatchObject({
      name: "Camera a 3 of 3.mp4",
      footage: {
        firstFrameUtcUs: gap.startUtcMs * 1000 + 40_000,
        preRollFrameCount: 2,
        trailingFrameCount: 1,
        gaps: [gap],
      },
      encryption: { protocol: "2.0", keyId: "k" },
    });
    for (const segment of manifest.segments) {
      if (segment.kind === "missing") continue;
      const stored = evidence?.resources.get(segment.resourceId)?.stored?.file;
      expect(segment.ciphertext.sha512).toBe(stored?.ciphertextSha512);
      expect(segment.plaintext.sha256).toBe(stored?.plaintextSha256);
    }
  });

  test("tells the site's clock at start and end, where the same local time is read twice", async () => {
    const change = Date.UTC(2026, 9, 25, 1);
    const world = new World();
    const range = { startUtcMs: change - HOUR_MS / 2, endUtcMs: change + HOUR_MS / 2 };
    const run = await world.started(exportOf([{ ...cameraExport("a", 1), range }]));
    await run.ended();
    const { manifest } = signedManifestSchema.parse(JSON.parse(textOfManifest(world, world.evidence()[0])));
    expect(manifest.site).toMatchObject({ utcOffsetMinutes: { atStart: 120, atEnd: 60 } });
  });

  test("is canonical as a whole and signed with a key that the service was told of", async () => {
    const world = new World();
    const { text } = await sent(world);
    const signed = signedManifestSchema.parse(JSON.parse(text));
    expect(signedManifestText(signed)).toBe(text);
    const { keyId, publicKey, value } = signed.signature;
    expect([...world.service.deviceKeys]).toEqual([keyId]);
    const x = Buffer.from(publicKey, "base64").toString("base64url");
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    const bytes = Buffer.from(manifestText(signed.manifest));
    expect(verify(null, bytes, key, Buffer.from(value, "base64"))).toBe(true);
  });

  test("leaves open what nobody could tell", async () => {
    const world = new World();
    world.archive.hindrance = ({ method }) => (method === "cameraAreas" ? Promise.resolve(REFUSED) : null);
    world.service.measureClock = () => Promise.resolve(portSucceeded(null));
    const { manifest } = await sent(world);
    expect(manifest).toMatchObject({ camera: { area: null }, serviceClock: null });
  });

  test("survives a name with half a character in it", async () => {
    const world = new World();
    const run = await world.started(exportOf([{ ...REQUEST, cameraName: "Half \ud83d" }]));
    await run.ended();
    expect(textOfManifest(world, world.evidence()[0])).toContain("Half \ufffd");
  });
});

test("a part is placed by its first and last frame, not by what was asked", async () => {
  const world = new World();
  await sent(world);
  const ranges = [...(world.evidence()[0]?.resources.values() ?? [])].map(({ request }) => request.range);
  const starts = ranges
    .map(({ startUtcMs }) => startUtcMs - REQUEST.range.startUtcMs)
    .toSorted((a, b) => a - b);
  expect(starts).toEqual([40, HOUR_MS + 40, 2 * HOUR_MS + 40]);
});

test("an evidence that had to be made anew gets a manifest of its own", async () => {
  const world = new World();
  let purged = false;
  world.service.hindrance = ({ method }) => {
    if (method === "completeEvidence" && !purged) {
      purged = true;
      world.service.purge();
    }
    return null;
  };
  const { manifest } = await sent(world);
  expect(manifest.evidenceId).toBe(world.evidence()[0]?.evidenceId);
  expect(world.spool.files.size).toBe(0);
});

test("a failed manifest keeps its spool file over a restart, and Retry sends the same bytes", async () => {
  const world = new World();
  world.service.hindrance = ({ method, subject }) =>
    method === "sendFile" && subject.endsWith("-manifest") ? Promise.resolve(REFUSED) : null;
  const run = await world.started(exportOf([REQUEST]));
  await run.ended();
  expect(run.kind()).toBe("failed");
  const written = [...world.spool.documents.values()];
  const next = world.boot();
  await next.pipeline.resume();
  expect(world.spool.files.size).toBe(1);
  world.service.hindrance = () => null;
  next.pipeline.retry("export-1");
  await next.ended();
  expect(next.kind()).toBe("available");
  expect([...world.spool.documents.values()]).toEqual(written);
  expect(world.spool.files.size).toBe(0);
});

test("an archive that indexed more between planning and reading is asked again", async () => {
  const world = new World();
  const entry = await world.admit(exportOf([REQUEST]));
  const planned = entry.cameraExports.map((one) => ({
    ...one,
    segments: one.segments.map((segment) => ({ ...segment, recorded: null, plannedLengthBytes: 0 })),
  }));
  const run = world.boot();
  run.pipeline.start({ ...entry, cameraExports: planned });
  await run.ended();
  const text = textOfManifest(world, world.evidence()[0]);
  const { manifest } = signedManifestSchema.parse(JSON.parse(text));
  const frames = manifest.segments.map((segment) => segment.kind === "sent" && segment.footage?.frameCount);
  expect(frames).toEqual([10, 10, 10]);
});
