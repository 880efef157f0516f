import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { resourceListSchema } from "#shared/clearance-api/evidence.ts";
import { WEB_CHANGE_HEADER, webEvidenceAnswerSchema } from "#shared/web-api/web-api.ts";
import { openSiteFolder } from "../site/site-folder.ts";
import { auditReport } from "../audit/audit-report.ts";
import { encryptCbc, encryptGcm, type EncryptedFile } from "../testing/encrypt.ts";
import {
  countFrames,
  cutFootage,
  cutLikeAnArchive,
  makeFootage,
  shownPictures,
  watchedRatio,
} from "../testing/test-footage.ts";
import { TestSite } from "../testing/test-site.ts";

const run = promisify(execFile);
const START_UTC_MS = Date.parse("2026-11-23T10:00:00.000Z");
const instant = (seconds: number): string => new Date(START_UTC_MS + seconds * 1_000).toISOString();

interface SentSegment {
  readonly plain: Buffer;
  readonly startS: number;
  readonly endS: number;
}

/** When the first packet of a file is decoded, and the last one is shown. */
async function reachOf(file: string): Promise<{ decodedFromS: number; shownToS: number }> {
  const entries = ["-select_streams", "v", "-show_entries", "packet=pts_time,dts_time"];
  const { stdout } = await run("ffprobe", ["-v", "error", ...entries, "-of", "csv=p=0", file]);
  const rows = stdout
    .trim()
    .split("\n")
    .map((row) => row.split(",").map(Number));
  return {
    decodedFromS: Math.min(...rows.map(([, decodedS = NaN]) => decodedS)),
    shownToS: Math.max(...rows.map(([shownS = NaN]) => shownS)),
  };
}

describe("consolidating evidence", () => {
  let site: TestSite;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "evidence-footage-"));
    site = await TestSite.start();
  });
  afterAll(async () => {
    await site.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const made = new Map<number, Promise<string>>();
  function footageWith(bFrames: number): Promise<string> {
    const footage = made.get(bFrames) ?? makeFootage(folder, bFrames);
    made.set(bFrames, footage);
    return footage;
  }

  async function send(
    segments: readonly SentSegment[],
    encrypt: (plain: Buffer) => EncryptedFile,
  ): Promise<string> {
    const { EvidenceId } = await site.createEvidence();
    const checksums: Record<string, string> = {};
    for (const [index, { plain, startS, endS }] of segments.entries()) {
      const Name = `segment-${index + 1}.mp4`;
      const times = { StartTimeUtc: instant(startS), EndTimeUtc: instant(endS) };
      const { Uri, ResourceId } = await site.uploadAddress(EvidenceId, { Name, ...times });
      const file = encrypt(plain);
      await new BlockBlobClient(Uri).uploadData(file.bytes, { metadata: file.metadata });
      await site.completeResource(EvidenceId, ResourceId);
      checksums[ResourceId] = file.sha512;
    }
    const completed = await site.completeEvidence(EvidenceId, checksums);
    expect(completed.status).toBe(200);
    await expect
      .poll(async () => (await site.readEvidence(EvidenceId)).LifecycleState, { timeout: 20_000 })
      .not.toBe("Processing");
    return EvidenceId;
  }

  async function consolidated(evidenceId: string) {
    const answer = await site.call("GET", `/documents/api/v1/tenant/TENANT/evidence/${evidenceId}/resource`);
    const resources = resourceListSchema.parse(answer.body);
    const derived = resources.find((resource) => resource.State === "Derived");
    expect(derived).toMatchObject({ MimeType: "video/mp4", Parent: resources[0]?.ResourceId });
    return `resource/${derived?.ResourceId}/content`;
  }

  async function webAnswer(evidenceId: string) {
    const signIn = await fetch(`${site.service.url}/web/api/sign-in`, {
      method: "POST",
      headers: { "content-type": "application/json", [WEB_CHANGE_HEADER]: "1" },
      body: JSON.stringify({ username: "investigator", password: "investigator" }),
    });
    const cookie = signIn.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const answer = await fetch(`${site.service.url}/web/api/evidence/${evidenceId}`, { headers: { cookie } });
    return webEvidenceAnswerSchema.parse(await answer.json());
  }

  async function downloadedFile(evidenceId: string): Promise<{ file: string; bytes: Buffer }> {
    const response = await site.download(evidenceId, await consolidated(evidenceId));
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(response.headers.get("content-length")).toBe(String(bytes.length));
    const file = join(folder, `${evidenceId}.mp4`);
    await writeFile(file, bytes);
    return { file, bytes };
  }

  /** The video as a player of the playlist gets it, as one file. */
  async function hlsFile(evidenceId: string): Promise<{ file: string; playlist: string }> {
    const playlist = await (await site.download(evidenceId, "hls/playlist.m3u8")).text();
    const addresses = playlist.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
    const parts = await Promise.all(
      ["init.mp4", ...addresses].map(async (name) => {
        const response = await site.download(evidenceId, `hls/${name}`);
        expect(response.status).toBe(200);
        return Buffer.from(await response.arrayBuffer());
      }),
    );
    const file = join(folder, `${evidenceId}-hls.mp4`);
    await writeFile(file, Buffer.concat(parts));
    return { file, playlist };
  }

  for (const [protocol, bFrames] of [
    ["1.0", 0],
    ["2.0", 0],
    ["2.0", 2],
  ] as const) {
    test(`shows two segments with pre-roll as one video to the frame (protocol ${protocol}, ${bFrames} B-frames)`, async () => {
      const footage = await footageWith(bFrames);
      const key = await site.publicKey();
      const encrypt = (plain: Buffer): EncryptedFile =>
        protocol === "1.0" ? encryptCbc(plain, key) : encryptGcm(plain, key, 65_536);
      // ffmpeg ends a copy by decode time, which with B-frames is not where the pictures end.
      const cut = (fromS: number, toS: number): Promise<Buffer> =>
        bFrames === 0 ? cutFootage(footage, fromS, toS - fromS) : cutLikeAnArchive(footage, fromS, toS);
      const first = { plain: await cut(1, 5), startS: 0, endS: 4 };
      const second = { plain: await cut(5, 9), startS: 4, endS: 8 };
      const evidenceId = await send([first, second], encrypt);
      expect(await site.readEvidence(evidenceId)).toMatchObject({
        LifecycleState: "Available",
        LifecycleDetail: null,
      });

      const { file, bytes } = await downloadedFile(evidenceId);
      expect(await countFrames(file)).toBe(200);
      const asked = await shownPictures(footage, String.raw`select=between(n\,25\,224)`);
      expect(await shownPictures(file)).toEqual(asked);

      const path = await consolidated(evidenceId);
      for (const [from, to] of [
        [0, 10],
        [bytes.length >> 1, (bytes.length >> 1) + 70_001],
        [bytes.length - 7, bytes.length],
      ] as const) {
        const part = await site.download(evidenceId, path, { range: `bytes=${from}-${to - 1}` });
        expect(part.status).toBe(206);
        expect(Buffer.from(await part.arrayBuffer()).equals(bytes.subarray(from, to))).toBe(true);
      }

      const hls = await hlsFile(evidenceId);
      const played = await shownPictures(hls.file);
      const begins = played.indexOf(asked[0] ?? "");
      expect(played.slice(begins, begins + asked.length)).toEqual(asked);
      // What comes before the first shown frame lasts as well: else players hold the end for earlier than it is.
      const { streamStartS } = (await webAnswer(evidenceId)).consolidated ?? { streamStartS: NaN };
      const firstUtcMs = Date.parse(/#EXT-X-PROGRAM-DATE-TIME:(.*)/.exec(hls.playlist)?.[1] ?? "");
      expect(firstUtcMs / 1_000 + streamStartS).toBeCloseTo(
        Date.parse("2026-11-23T10:00:00.000Z") / 1_000,
        2,
      );
      const total = [...hls.playlist.matchAll(/#EXTINF:([\d.]+)/g)].reduce(
        (sum, [, text]) => sum + Number(text),
        0,
      );
      expect(total).toBeCloseTo(8 + streamStartS, 3);
      const { decodedFromS, shownToS } = await reachOf(hls.file);
      expect(shownToS + 1 / 25 - decodedFromS).toBeCloseTo(total, 2);
    });
  }

  test("keeps wall-clock time over a gap and shows no frame twice", async () => {
    const footage = await footageWith(0);
    const key = await site.publicKey();
    const first = { plain: await cutFootage(footage, 1, 2), startS: 0, endS: 2 };
    const second = { plain: await cutFootage(footage, 7, 2), startS: 6, endS: 8 };
    const evidenceId = await send([first, second], (plain) => encryptGcm(plain, key, 65_536));
    const { file } = await downloadedFile(evidenceId);
    const shown = await shownPictures(footage, String.raw`select=between(n\,25\,74)+between(n\,175\,224)`);
    expect(await shownPictures(file)).toEqual(shown);
    const { playlist } = await hlsFile(evidenceId);
    const total = [...playlist.matchAll(/#EXTINF:([\d.]+)/g)].reduce(
      (sum, [, text]) => sum + Number(text),
      0,
    );
    expect(total).toBeCloseTo(8, 1);

    const { consolidated: described } = await webAnswer(evidenceId);
    expect(described).toMatchObject({ frameCount: 100, segmentCount: 2, width: 192, height: 108 });
    expect(described?.durationS).toBeCloseTo(8, 2);
    expect(described?.runs).toMatchObject([
      { startUtc: instant(0), endUtc: instant(2), mediaStartS: 0 },
      { startUtc: instant(6), endUtc: instant(8) },
    ]);
    expect(described?.runs[1]?.mediaStartS).toBeCloseTo(6, 2);
    expect(described?.lengthBytes).toBe((await stat(file)).size);
  });

  test("shows footage in the shape that was set for its camera, in the file, the player and its frame", async () => {
    const footage = await footageWith(0);
    const key = await site.publicKey();
    const square = { width: 1, height: 1 };
    const first = { plain: await cutLikeAnArchive(footage, 1, 3, square), startS: 0, endS: 2 };
    const second = { plain: await cutLikeAnArchive(footage, 3, 5, square), startS: 2, endS: 4 };
    const evidenceId = await send([first, second], (plain) => encryptGcm(plain, key, 65_536));
    const [{ file }, hls] = [await downloadedFile(evidenceId), await hlsFile(evidenceId)];
    expect([await watchedRatio(file), await watchedRatio(hls.file)]).toEqual(["1:1", "1:1"]);
    const { consolidated: described } = await webAnswer(evidenceId);
    expect(described).toMatchObject({ frameCount: 100, width: 108, height: 108 });
  });

  test("every play and download is in the audit trail, and the trail is whole", async () => {
    const footage = await footageWith(0);
    const key = await site.publicKey();
    const plain = await cutFootage(footage, 1, 2);
    const evidenceId = await send([{ plain, startS: 0, endS: 2 }], (bytes) => encryptGcm(bytes, key, 65_536));
    await downloadedFile(evidenceId);
    await hlsFile(evidenceId);
    await webAnswer(evidenceId);
    const { db } = await openSiteFolder(site.dir);
    const rows = await db.selectFrom("audit").select("entryJson").execute();
    await db.destroy();
    await site.service.signAuditHead();
    const whole = await auditReport(site.dir);
    const actions = rows
      .filter(({ entryJson }) => entryJson.includes(evidenceId))
      .map(({ entryJson }) => entryJson);
    for (const action of [
      "EVIDENCE_CREATED",
      "EVIDENCE_COMPLETED",
      "EVIDENCE_CONSOLIDATED",
      "PLAYED",
      "VIEWED",
    ]) {
      expect(actions.filter((entry) => entry.includes(`"action":"${action}"`))).toHaveLength(1);
    }
    expect(rows.filter(({ entryJson }) => entryJson.includes("DOWNLOADED")).length).toBeGreaterThan(0);
    expect(whole.isWhole).toBe(true);
  });

  for (const place of [0, 1, 2]) {
    test(`a damaged segment in place ${place + 1} of 3 is named, and the others play under their own times`, async () => {
      const footage = await footageWith(0);
      const key = await site.publicKey();
      const good = [
        await cutFootage(footage, 0, 1),
        await cutFootage(footage, 1, 2),
        await cutFootage(footage, 2, 3),
      ];
      const segments = good.map((plain, index) => ({
        plain: index === place ? Buffer.concat([plain.subarray(0, 200), Buffer.alloc(5_000)]) : plain,
        startS: index * 60,
        endS: index * 60 + 2,
      }));
      const evidenceId = await send(segments, (bytes) => encryptGcm(bytes, key, 65_536));
      const name = `segment-${place + 1}.mp4`;
      const evidence = await site.readEvidence(evidenceId);
      expect(evidence.LifecycleState).toBe("Available");
      expect(evidence.LifecycleDetail).toMatch(
        /^1 of 3 files is damaged and not in the consolidated video\./,
      );
      expect(evidence.LifecycleDetail).toContain(`“${name}”`);
      const { consolidated: shown } = await webAnswer(evidenceId);
      expect(shown?.damaged).toMatchObject([
        { name, startUtc: instant(place * 60), detail: expect.stringContaining(name) },
      ]);
      const starts = [0, 1, 2].filter((index) => index !== place).map((index) => instant(index * 60));
      expect(shown?.runs.map(({ startUtc }) => startUtc)).toEqual(starts);
      expect(shown).toMatchObject({ segmentCount: 2 });
      const resources = await site.call(
        "GET",
        `/documents/api/v1/tenant/TENANT/evidence/${evidenceId}/resource`,
      );
      const derived = resourceListSchema.parse(resources.body).find(({ State }) => State === "Derived");
      expect(derived?.StartTimeUtc).toBe(starts[0]);
      const video = await site.download(evidenceId, `resource/${derived?.ResourceId}/content`);
      expect((await video.arrayBuffer()).byteLength).toBe(shown?.lengthBytes);
      const { db } = await openSiteFolder(site.dir);
      const rows = await db.selectFrom("audit").select("entryJson").execute();
      await db.destroy();
      const entry = rows.find(
        ({ entryJson }) => entryJson.includes("EVIDENCE_CONSOLIDATED") && entryJson.includes(evidenceId),
      );
      expect(entry?.entryJson).toContain(name);
    });
  }

  /** Cameras' pictures are small and few; these are as many a second as none sends. */
  async function footageAt(rate: number, seconds: number): Promise<Buffer> {
    const file = join(folder, `at-${rate}.mp4`);
    const picture = ["-f", "lavfi", "-i", `testsrc2=size=96x64:rate=${rate}:duration=${seconds}`];
    await run("ffmpeg", ["-v", "error", "-y", ...picture, "-c:v", "libx264", "-preset", "ultrafast", file]);
    return readFile(file);
  }

  test("files whose own times contradict what was said of them are named; the others play", async () => {
    const footage = await footageWith(0);
    const key = await site.publicKey();
    const segments = [
      { plain: await cutFootage(footage, 0, 2), startS: 0, endS: 2 },
      // Twelve seconds, said to be one: shown, they would stand over what comes after.
      { plain: await readFile(footage), startS: 60, endS: 61 },
      { plain: await footageAt(5_000, 0.06), startS: 120, endS: 121 },
      { plain: await cutFootage(footage, 2, 2), startS: 180, endS: 182 },
    ];
    const evidenceId = await send(segments, (bytes) => encryptGcm(bytes, key, 65_536));
    const { evidence, consolidated: shown } = await webAnswer(evidenceId);
    expect(evidence.state).toBe("available");
    expect(evidence.stateDetail).toMatch(/^2 of 4 files are damaged and not in the consolidated video\./);
    expect(shown?.damaged).toMatchObject([
      { name: "segment-2.mp4", startUtc: instant(60), reason: "damaged" },
      { name: "segment-3.mp4", startUtc: instant(120), reason: "damaged" },
    ]);
    expect(shown?.damaged[0]?.detail).toMatch(
      /it lasts 12(\.\d+)? s, and is of 1 s: its times cannot be believed/,
    );
    expect(shown?.damaged[1]?.detail).toContain("300 pictures last 0.060 s, and is of 1 s");
    expect(shown?.runs.map(({ startUtc }) => startUtc)).toEqual([instant(0), instant(180)]);
  });

  test("where nothing is left but files whose times contradict, the evidence has failed and says which", async () => {
    const key = await site.publicKey();
    const segment = { plain: await readFile(await footageWith(0)), startS: 0, endS: 1 };
    const evidenceId = await send([segment], (bytes) => encryptGcm(bytes, key, 65_536));
    const evidence = await site.readEvidence(evidenceId);
    expect(evidence.LifecycleState).toBe("Failed");
    expect(evidence.LifecycleDetail).toContain("“segment-1.mp4” says that it lasts 12 s");
  });

  test("files that are too far apart for one video are left out and named, with their times", async () => {
    const footage = await footageWith(0);
    const key = await site.publicKey();
    const plain = await cutFootage(footage, 0, 2);
    const years = 400 * 366 * 24 * 3600;
    const segments = [0, 60, years, years + 60].map((startS) => ({ plain, startS, endS: startS + 2 }));
    const evidenceId = await send(segments, (bytes) => encryptGcm(bytes, key, 65_536));
    const { evidence, consolidated: shown } = await webAnswer(evidenceId);
    expect([evidence.state, evidence.stateDetail]).toEqual([
      "available",
      expect.stringMatching(/^2 of 4 files are not in the consolidated video\./),
    ]);
    expect(shown?.damaged).toMatchObject([
      { name: "segment-3.mp4", startUtc: instant(years), reason: "left-out" },
      { name: "segment-4.mp4", reason: "left-out" },
    ]);
    expect(shown?.runs.map(({ startUtc }) => startUtc)).toEqual([instant(0), instant(60)]);
  });

  /** Of downloads of the file at this path, in their order. */
  async function rangesOf(path: string): Promise<unknown[]> {
    const { db } = await openSiteFolder(site.dir);
    const rows = await db.selectFrom("audit").select("entryJson").orderBy("seq").execute();
    await db.destroy();
    const entrySchema = z.object({
      ...{ action: z.string(), subject: z.string() },
      detail: z.looseObject({ range: z.string().nullish() }).optional(),
    });
    const entries = rows.map(({ entryJson }) => entrySchema.parse(JSON.parse(entryJson)));
    return entries
      .filter(({ action, subject }) => action === "DOWNLOADED" && path.includes(subject))
      .map(({ detail }) => detail?.range);
  }

  test("a viewing is one entry, and what gives out nothing is none", async () => {
    const footage = await footageWith(0);
    const key = await site.publicKey();
    const plain = await cutFootage(footage, 1, 2);
    const evidenceId = await send([{ plain, startS: 0, endS: 2 }], (bytes) => encryptGcm(bytes, key, 65_536));
    const content = await consolidated(evidenceId);
    const warnings: string[] = [];
    process.on("warning", ({ name }) => warnings.push(name));
    const head = async (path: string) => {
      const answer = await site.download(evidenceId, path, {}, "HEAD");
      return Number(answer.headers.get("content-length"));
    };
    const get = async (path: string, headers: Record<string, string> = {}) =>
      (await site.download(evidenceId, path, headers)).arrayBuffer();
    const lengths: [number, number][] = [];
    const paths = ["hls/playlist.m3u8", "hls/init.mp4", "hls/segment/0.m4s", content];
    for (const path of paths) lengths.push([await head(path), 0]);
    await get(content, { range: "bytes=999999999-" });
    await get(content, { "if-match": '"other"' });
    expect(await entriesOf(evidenceId, ["PLAYED", "DOWNLOADED"])).toEqual([]);
    // Without a playlist before it.
    for (let piece = 0; piece < 3; piece += 1) await get("hls/segment/0.m4s");
    expect(await entriesOf(evidenceId, ["PLAYED"])).toEqual(["PLAYED"]);
    for (const [index, path] of paths.entries()) lengths[index]?.splice(1, 1, (await get(path)).byteLength);
    expect(await entriesOf(evidenceId, ["PLAYED"])).toEqual(["PLAYED", "PLAYED"]);
    for (const [told, given] of lengths) expect(told).toBe(given);
    // What is given out is told, and not what was asked for: here the whole, for a tag that is another one's.
    await get(content, { range: "bytes=0-9" });
    await get(content, { range: "bytes=0-9", "if-range": '"other"' });
    await get(content, { range: "pages=0-9" });
    expect(await rangesOf(content)).toEqual([null, "bytes=0-9", null, null]);
    // Answers that listened for their end once for each function on the way.
    expect(warnings).not.toContain("MaxListenersExceededWarning");
  });

  async function entriesOf(evidenceId: string, actions: readonly string[]): Promise<string[]> {
    const { db } = await openSiteFolder(site.dir);
    const rows = await db.selectFrom("audit").select("entryJson").execute();
    await db.destroy();
    const entrySchema = z.object({ action: z.string(), subject: z.string() });
    return rows
      .map(({ entryJson }) => entrySchema.parse(JSON.parse(entryJson)))
      .filter(({ action, subject }) => actions.includes(action) && subject.includes(evidenceId))
      .map(({ action }) => action);
  }

  test("says in words what cannot be read", async () => {
    const key = await site.publicKey();
    const notVideo = {
      plain: Buffer.from("this is no MP4 file, whatever its type says"),
      startS: 0,
      endS: 1,
    };
    const evidenceId = await send([notVideo], (plain) => encryptCbc(plain, key));
    const evidence = await site.readEvidence(evidenceId);
    expect(evidence.LifecycleState).toBe("Failed");
    expect(evidence.LifecycleDetail).toContain("segment-1.mp4");
  });

  test("gives an original segment back decrypted, byte for byte", async () => {
    const footage = await footageWith(0);
    const key = await site.publicKey();
    const plain = await cutFootage(footage, 1, 2);
    const evidenceId = await send([{ plain, startS: 0, endS: 2 }], (bytes) => encryptCbc(bytes, key));
    const answer = await site.call("GET", `/documents/api/v1/tenant/TENANT/evidence/${evidenceId}/resource`);
    const [segment] = resourceListSchema.parse(answer.body);
    const path = `resource/${segment?.ResourceId}/content`;
    const whole = await site.download(evidenceId, path);
    expect(Buffer.from(await whole.arrayBuffer()).equals(plain)).toBe(true);
    expect(whole.headers.get("content-disposition")).toContain('filename="segment-1.mp4"');
    const part = await site.download(evidenceId, path, { range: "bytes=1001-2048" });
    expect(Buffer.from(await part.arrayBuffer()).equals(plain.subarray(1_001, 2_049))).toBe(true);
  });
});
