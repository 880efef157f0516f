import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { signedManifestSchema } from "#shared/manifest/signed-manifest.ts";
import { guideLines, runLines, type ShellOutcome } from "./guide-lines.ts";
import { sendEvidence, type SentEvidence } from "./sent-evidence.ts";

const isLong = process.env["EVIDENCE_DESK_LONG_TESTS"] === "1";

let folder: string;
let sent: SentEvidence;
let lines: string;
let work: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "verify-guide-"));
  sent = await sendEvidence(folder);
  lines = await guideLines("verify.md");
  await mkdir(join(folder, "downloads"));
  for (const { ResourceId, State, MimeType } of sent.resources) {
    if (State === "Derived") continue;
    const isVideo = MimeType === "video/mp4";
    await save(ResourceId, "content", isVideo ? `${ResourceId} 'é.mp4` : "manifest.json");
    if (isVideo) await save(ResourceId, "encrypted", `${ResourceId}.encrypted`);
  }
});

afterAll(async () => {
  await sent.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  work = join(folder, "work");
  await rm(work, { recursive: true, force: true });
  await cp(join(folder, "downloads"), work, { recursive: true });
});

async function save(resourceId: string, form: "content" | "encrypted", name: string): Promise<void> {
  const answer = await sent.download(resourceId, form);
  await writeFile(join(folder, "downloads", name), Buffer.from(await answer.arrayBuffer()));
}

function verify(expectedKeyId = sent.keyId): Promise<ShellOutcome> {
  return runLines(lines, work, { EXPECTED_KEY_ID: expectedKeyId });
}

function segments() {
  return sent.resources.filter(({ State, MimeType }) => State !== "Derived" && MimeType === "video/mp4");
}

/** The name of a segment's file, as it was saved. */
function fileOf(index: number, suffix = " 'é.mp4"): string {
  return `${segments()[index]?.ResourceId}${suffix}`;
}

/** Flips the lowest bit of one byte. */
async function changeByte(name: string, offset: number): Promise<void> {
  const bytes = await readFile(join(work, name));
  bytes[offset] = (bytes[offset] ?? 0) ^ 1;
  await writeFile(join(work, name), bytes);
}

describe("the guide's lines, on evidence that the console sent", () => {
  test("find everything right, as the service did", async () => {
    const { status, output } = await verify();
    const files = segments().flatMap(({ ResourceId }) => [`${ResourceId} 'é.mp4`, `${ResourceId}.encrypted`]);
    const right = [...output.matchAll(/^OK: (.*)$/gm)].map(([, what]) => what);
    const expected = [...files, "the key is the console's", "the manifest is as it was signed"];
    expect(new Set(right)).toEqual(new Set(expected));
    expect(right).toHaveLength(expected.length);
    expect([status, output]).toEqual([0, expect.not.stringMatching(/WRONG|MISSING/)]);
    expect(sent.lifecycle).toBe("available");
  });

  test("take out exactly what was signed, which is JSON that people can read", async () => {
    await verify();
    const { manifest } = signedManifestSchema.parse(
      JSON.parse(await readFile(join(work, "manifest.json"), "utf8")),
    );
    expect(JSON.parse(await readFile(join(work, "signed.json"), "utf8"))).toEqual(manifest);
    expect(manifest.segments[0]).toMatchObject({ kind: "sent", footage: { clock: { driftMs: 180 } } });
    expect(manifest).toMatchObject({
      camera: { id: "gate", name: 'Gate "A" / Süd', area: "Außen" },
      coverage: { askedMs: 7_200_000, recordedMs: 4_000, missingMs: 7_196_000, sentMs: 4_000 },
    });
    expect(Math.abs(manifest.serviceClock?.offsetMs ?? Infinity)).toBeLessThan(1_500);
  });

  test("name a segment of which one byte was changed, and the one that is missing for it", async () => {
    await changeByte(fileOf(1), 1_000);
    const { status, output } = await verify();
    expect(status).toBe(1);
    expect(output).toContain(`WRONG: ${fileOf(1)}`);
    expect(output).toContain(`OK: ${fileOf(0)}`);
    expect(output.match(/^MISSING: /gm)).toHaveLength(1);
  });

  test("name a stored file of which one byte was changed", async () => {
    await changeByte(fileOf(0, ".encrypted"), 1_000);
    const { status, output } = await verify();
    expect([status, output]).toEqual([1, expect.stringContaining(`WRONG: ${fileOf(0, ".encrypted")}`)]);
  });

  test("notice a segment that was left out", async () => {
    await rm(join(work, fileOf(0)));
    expect(await verify()).toMatchObject({
      status: 1,
      output: expect.stringContaining("MISSING: the segment"),
    });
  });

  test("refuse another console's key", async () => {
    const { status, output } = await verify("0".repeat(64));
    expect([status, output]).toEqual([1, `WRONG: the key is ${sent.keyId}\n`]);
  });

  test("notice any changed byte of the manifest and its signature", { timeout: 120_000 }, async () => {
    const untouched = await readFile(join(work, "manifest.json"));
    const signatureAt = untouched.lastIndexOf(',"signature":{');
    const places = isLong ? 40 : 12;
    const stepBytes = isLong ? 3 : 9;
    const inside = Array.from({ length: places }, (_, index) => Math.floor((index * signatureAt) / places));
    const after = Array.from(
      { length: Math.ceil((untouched.length - signatureAt) / stepBytes) },
      (_, index) => signatureAt + index * stepBytes,
    );
    for (const offset of [...inside, ...after]) {
      await writeFile(join(work, "manifest.json"), untouched);
      await changeByte("manifest.json", offset);
      const { status, output } = await verify();
      const context = untouched.subarray(Math.max(0, offset - 20), offset + 20).toString();
      expect([status, offset, context, output]).toEqual([
        1,
        offset,
        context,
        expect.stringContaining("WRONG"),
      ]);
    }
  });
});
