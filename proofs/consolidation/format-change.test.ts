import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BlockBlobClient } from "@azure/storage-blob";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { NumberedSession } from "#archive/export/testing/numbered-footage.ts";
import {
  numbersInBrowser,
  numbersInFfmpeg,
  numbersInPlayer,
  probeFile,
} from "#archive/export/testing/shown-pictures.ts";
import { encryptGcm } from "#evidence-service/testing/encrypt.ts";
import { TestSite } from "#evidence-service/testing/test-site.ts";
import { browserPath, launchBrowser } from "#media/testing/installed-browser.ts";
import { WEB_CHANGE_HEADER, webEvidenceAnswerSchema } from "#shared/web-api/web-api.ts";
import { numberedCamera, type ExportedSegment, type NumberedCamera } from "./numbered-camera.ts";

const START_MS = Date.UTC(2026, 10, 23, 12);
const REGION_BYTES = 65_536;
const FPS = 25;
const at = (seconds: number): number => START_MS + seconds * 1000;

/** Twelve seconds of a camera; the format is that of the encoding and the scale. */
const session = (startS: number, change: Partial<NumberedSession> = {}): NumberedSession => ({
  ...{ startUtcMs: at(startS), firstNumber: 1 + startS * FPS, seconds: 12, encoding: "plain" },
  ...change,
});

let site: TestSite;
let browser: Browser | undefined;
let camera: NumberedCamera;
beforeAll(async () => {
  site = await TestSite.start();
  if (browserPath === "") return;
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await site.stop();
});
afterEach(() => camera.forget());

/** Exports the time between neighbouring instants, as the hours of an export are. */
async function exportSegments(instantsS: readonly number[]): Promise<ExportedSegment[]> {
  const segments: ExportedSegment[] = [];
  for (const [index, startS] of instantsS.slice(0, -1).entries()) {
    const range = { startUtcMs: at(startS), endUtcMs: at(instantsS[index + 1] ?? startS) };
    segments.push(await camera.export(range));
  }
  return segments;
}

async function send(segments: readonly ExportedSegment[]): Promise<string> {
  const key = await site.publicKey();
  const { EvidenceId } = await site.createEvidence();
  const checksums: Record<string, string> = {};
  for (const [index, { range, bytes }] of segments.entries()) {
    const StartTimeUtc = new Date(range.startUtcMs).toISOString();
    const EndTimeUtc = new Date(range.endUtcMs).toISOString();
    const Name = `segment-${index + 1}.mp4`;
    const { Uri, ResourceId } = await site.uploadAddress(EvidenceId, { Name, StartTimeUtc, EndTimeUtc });
    const file = encryptGcm(bytes, key, REGION_BYTES);
    await new BlockBlobClient(Uri).uploadData(file.bytes, { metadata: file.metadata });
    await site.completeResource(EvidenceId, ResourceId);
    checksums[ResourceId] = file.sha512;
  }
  await site.completeEvidence(EvidenceId, checksums);
  const lifecycle = async () => (await site.readEvidence(EvidenceId)).LifecycleState;
  await expect.poll(lifecycle, { timeout: 20_000 }).not.toBe("Processing");
  return EvidenceId;
}

/** The cookie of a signed-in investigator. */
async function signIn(): Promise<{ readonly name: string; readonly value: string }> {
  const answer = await fetch(`${site.service.url}/web/api/sign-in`, {
    method: "POST",
    headers: { "content-type": "application/json", [WEB_CHANGE_HEADER]: "1" },
    body: JSON.stringify({ username: "investigator", password: "investigator" }),
  });
  const [name = "", value = ""] = (answer.headers.getSetCookie()[0]?.split(";")[0] ?? "").split("=");
  return { name, value };
}

async function consolidatedOf(evidenceId: string) {
  const { name, value } = await signIn();
  const address = `${site.service.url}/web/api/evidence/${evidenceId}`;
  const answer = await fetch(address, { headers: { cookie: `${name}=${value}` } });
  const { consolidated } = webEvidenceAnswerSchema.parse(await answer.json());
  if (consolidated === null) throw new Error("The evidence has no consolidated video.");
  return consolidated;
}

async function storeBytes(name: string, parts: readonly Response[]): Promise<string> {
  const path = join(camera.folder, name);
  for (const { status } of parts) expect(status).toBe(200);
  const bytes = await Promise.all(parts.map((part) => part.arrayBuffer()));
  await writeFile(path, Buffer.concat(bytes.map((part) => Buffer.from(part))));
  return path;
}

/** The stream as one file, as a player puts it together. */
async function storeStream(evidenceId: string): Promise<string> {
  const playlist = await (await site.download(evidenceId, "hls/playlist.m3u8")).text();
  const names = playlist.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  const parts: Response[] = [];
  for (const name of ["init.mp4", ...names]) parts.push(await site.download(evidenceId, `hls/${name}`));
  return storeBytes("stream.mp4", parts);
}

/** A page of a signed-in investigator, in which scripts of the test may run. */
async function investigatorsPage(opened: Browser): Promise<Page> {
  const context = await opened.newContext({ bypassCSP: true });
  await context.addCookies([{ ...(await signIn()), url: site.service.url }]);
  return context.newPage();
}

/** Holds the consolidated video of segments between these instants against ffmpeg and Chromium. */
async function expectOneVideo(instantsS: readonly number[], seeksS: readonly number[]): Promise<string[]> {
  const segments = await exportSegments(instantsS);
  const evidenceId = await send(segments);
  expect(await site.readEvidence(evidenceId)).toMatchObject({ LifecycleState: "Available" });
  const whole = { startUtcMs: at(instantsS[0] ?? 0), endUtcMs: at(instantsS.at(-1) ?? 0) };
  const wanted = camera.numbersIn(whole);
  const consolidated = await consolidatedOf(evidenceId);
  expect(consolidated.frameCount).toBe(wanted.length);

  const { downloadPath, playlistPath, streamStartS } = consolidated;
  const content = downloadPath.slice(downloadPath.indexOf("resource/"));
  const file = await storeBytes("joined.mp4", [await site.download(evidenceId, content)]);
  expect(await numbersInFfmpeg(file)).toEqual(wanted);
  expect(await probeFile(file)).toEqual({
    frames: wanted.length,
    seconds: expect.closeTo(wanted.length / FPS, 2) as number,
  });
  const streamed = await numbersInFfmpeg(await storeStream(evidenceId));
  expect(streamed.slice(-wanted.length)).toEqual(wanted);

  if (browser === undefined || seeksS.length === 0) return segments.map(({ codec }) => codec);
  const page = await investigatorsPage(browser);
  const sought = seeksS.map((seconds) => wanted[Math.floor(seconds * FPS)]);
  const fileAddress = new URL(downloadPath, site.service.url).href;
  expect(await numbersInBrowser(page, fileAddress, seeksS)).toEqual([wanted[0], ...sought]);
  const streamAddress = new URL(playlistPath, site.service.url).href;
  const inStream = seeksS.map((seconds) => seconds + streamStartS);
  expect((await numbersInPlayer(page, streamAddress, inStream)).slice(1)).toEqual(sought);
  await page.context().close();
  return segments.map(({ codec }) => codec);
}

describe("segments of a camera whose picture format changes", { timeout: 120_000 }, () => {
  const large = { scale: 2 } as const;

  test("within one of them are one video; forth over the change and back the right picture is shown", async () => {
    camera = await numberedCamera([session(0), session(12, large), session(24, large)]);
    const codecs = await expectOneVideo([3, 9.03, 15.03, 27], [1.01, 10.01, 14.01, 2.01, 20.01, 7.01]);
    expect(codecs.map((codec) => codec.slice(0, 4))).toEqual(["avc1", "avc3", "avc1"]);
  });

  test("exactly between two of them are one video", async () => {
    camera = await numberedCamera([session(0), session(12, large)]);
    const codecs = await expectOneVideo([6.03, 12, 18], [1.01, 7.01, 3.01, 10.01]);
    expect(codecs.map((codec) => codec.slice(0, 4))).toEqual(["avc1", "avc1"]);
  });

  test("and changes back are one video", async () => {
    camera = await numberedCamera([session(0), session(12, large), session(24)]);
    const codecs = await expectOneVideo([6, 15.03, 27.03, 33], [1.01, 8.01, 20.01, 26.01, 10.01, 4.01]);
    expect(codecs.map((codec) => codec.slice(0, 4))).toEqual(["avc3", "avc3", "avc1"]);
  });

  test.each(["hevc", "hev1"] as const)("of H.265 (%s) are one video", async (encoding) => {
    camera = await numberedCamera([
      session(0, { encoding }),
      session(12, { encoding, ...large }),
      session(24, { encoding }),
    ]);
    // The last segment has the sample entry of the first; only that one brings its parameter sets.
    const codecs = await expectOneVideo([6, 24, 33], []);
    expect(codecs.map((codec) => codec.slice(0, 4))).toEqual(["hev1", encoding === "hevc" ? "hvc1" : "hev1"]);
  });

  test("of another codec are left out and named with their time, and those of which there is more are one video", async () => {
    camera = await numberedCamera([session(0), session(12, { encoding: "hevc" }), session(24)]);
    const evidenceId = await send(await exportSegments([6, 12, 18, 24, 27, 33]));
    const evidence = await site.readEvidence(evidenceId);
    expect(evidence.LifecycleState).toBe("Available");
    expect(evidence.LifecycleDetail).toMatch(/^2 of 5 files are not in the consolidated video\./);
    const why = "is H.265 and most of the evidence H.264";
    expect(evidence.LifecycleDetail).toContain(`“segment-2.mp4” ${why}`);
    const shown = await consolidatedOf(evidenceId);
    expect(shown).toMatchObject({ segmentCount: 3, frameCount: (6 + 3 + 6) * FPS });
    const iso = (seconds: number) => new Date(at(seconds)).toISOString();
    expect(shown.damaged).toMatchObject([
      { name: "segment-2.mp4", startUtc: iso(12), endUtc: iso(18), reason: "left-out" },
      { name: "segment-3.mp4", startUtc: iso(18), endUtc: iso(24), reason: "left-out" },
    ]);
    expect(shown.runs).toMatchObject([{ startUtc: iso(6) }, { startUtc: iso(24) }]);
    const { downloadPath } = shown;
    const file = await storeBytes("joined.mp4", [
      await site.download(evidenceId, downloadPath.slice(downloadPath.indexOf("resource/"))),
    ]);
    const before = camera.numbersIn({ startUtcMs: at(6), endUtcMs: at(12) });
    const after = camera.numbersIn({ startUtcMs: at(24), endUtcMs: at(33) });
    expect(await numbersInFfmpeg(file)).toEqual([...before, ...after]);
  });
});
