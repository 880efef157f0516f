import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resourceListSchema } from "#shared/clearance-api/evidence.ts";
import { WEB_CHANGE_HEADER, webEvidenceAnswerSchema } from "#shared/web-api/web-api.ts";
import { openSiteFolder } from "../site-folder.ts";
import { auditReport } from "../audit/audit-report.ts";
import { encryptCbc, encryptGcm, type EncryptedFile } from "../test-console/encrypt.ts";
import {
  countFrames,
  cutFootage,
  cutLikeAnArchive,
  makeFootage,
  shownPictures,
} from "../test-console/test-footage.ts";
import { TestSite } from "../test-console/test-site.ts";

const START_UTC_MS = Date.parse("2026-11-23T10:00:00.000Z");
const instant = (seconds: number): string => new Date(START_UTC_MS + seconds * 1_000).toISOString();

interface SentSegment {
  readonly plain: Buffer;
  readonly startS: number;
  readonly endS: number;
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
      expect(hls.playlist).toContain("#EXT-X-PROGRAM-DATE-TIME:2026-11-23T10:00:00.000Z");
      const total = [...hls.playlist.matchAll(/#EXTINF:([\d.]+)/g)].reduce(
        (sum, [, text]) => sum + Number(text),
        0,
      );
      expect(total).toBeCloseTo(8, 3);
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
