import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@playwright/test";
import { type Manifest, MANIFEST_NAME } from "#shared/manifest/manifest.ts";
import { signedManifestSchema } from "#shared/manifest/signed-manifest.ts";
import type { WebEvidenceAnswer } from "#shared/web-api/web-api.ts";
import type { Investigator } from "./investigator.ts";
import { expectedFrameNumbers, shownFrameNumbers } from "./shown-frames.ts";
import { decryptStored, journalSegmentOf, sha256 } from "./stored-segment.ts";

/** A whole export may lie between Finish and this. */
const AVAILABLE_WITHIN_MS = 120_000;

/** The one evidence of this name, once it is available, with everything the service tells of it. */
export async function availableEvidence(
  investigator: Investigator,
  name: string,
): Promise<WebEvidenceAnswer> {
  const named = () => investigator.evidenceNamed(name);
  await expect
    .poll(async () => (await named()).length, {
      message: `evidence named ${name}`,
      timeout: AVAILABLE_WITHIN_MS,
    })
    .toBe(1);
  const found = await named();
  const read = () => investigator.evidence(found[0]?.evidenceId ?? "");
  // Cards of other exports may say that theirs is available.
  await expect
    .poll(async () => (await read()).evidence.state, { timeout: AVAILABLE_WITHIN_MS })
    .toBe("available");
  return await read();
}

/** Downloads the consolidated video and reads the numbers of all frames that it shows. */
export async function framesShown(
  investigator: Investigator,
  { consolidated }: WebEvidenceAnswer,
): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), "evidence-desk-video-"));
  try {
    const path = join(folder, "consolidated.mp4");
    const bytes = await investigator.download(consolidated?.downloadPath ?? "");
    expect(bytes.length).toBe(consolidated?.lengthBytes);
    await writeFile(path, bytes);
    return await shownFrameNumbers(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Downloads the consolidated video and proves that it shows exactly the frames of the asked range. */
export async function expectExactFrames(
  investigator: Investigator,
  answer: WebEvidenceAnswer,
  range: { startUtcMs: number; endUtcMs: number },
): Promise<void> {
  const shown = await framesShown(investigator, answer);
  const expected = expectedFrameNumbers(range);
  expect(shown.length, "frames shown").toBe(expected.length);
  expect(shown[0], "first frame shown").toBe(expected[0]);
  expect(shown.at(-1), "last frame shown").toBe(expected.at(-1));
  expect(shown).toEqual(expected);
}

/** What the console signed of this evidence, as the service decrypts it. */
export async function manifestOf(
  investigator: Investigator,
  { resources }: WebEvidenceAnswer,
): Promise<Manifest> {
  const { contentPath } = resources.find(({ name }) => name === MANIFEST_NAME) ?? { contentPath: null };
  const bytes = await investigator.download(contentPath ?? "");
  return signedManifestSchema.parse(JSON.parse(bytes.toString())).manifest;
}

/** The segments as they were sent; the manifest and what the service made of them left out. */
export function sentVideos({ resources }: WebEvidenceAnswer): WebEvidenceAnswer["resources"] {
  return resources.filter(({ state, mimeType }) => state === "completed" && mimeType.startsWith("video/"));
}

/** Decrypts the first stored segment and compares it with what the console's journal says it read. */
export async function expectStoredAsJournalled(
  siteDir: string,
  investigator: Investigator,
  answer: WebEvidenceAnswer,
): Promise<void> {
  const [segment] = sentVideos(answer);
  const stored = await investigator.download(segment?.encryptedPath ?? "");
  const journalled = journalSegmentOf(siteDir, segment?.resourceId ?? "");
  expect(stored.length).toBe(journalled.state.file.ciphertextLengthBytes);
  const plaintext = await decryptStored(siteDir, stored, journalled.encryptionData);
  expect(sha256(plaintext)).toBe(journalled.state.file.plaintextSha256);
  expect(stored.includes(plaintext.subarray(4, 8)), "no ftyp in what is stored").toBe(false);
}
