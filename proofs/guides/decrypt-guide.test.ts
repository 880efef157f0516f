import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { guideLines, runLines } from "./guide-lines.ts";
import { sendEvidence, type SentEvidence } from "./sent-evidence.ts";

let folder: string;
let work: string;
let sent: SentEvidence;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "decrypt-guide-"));
  sent = await sendEvidence(folder);
  work = join(folder, "work");
  await mkdir(work);
  await copyFile(sent.keysFile, join(work, "keys.json"));
  expect(await runLines(await guideLines("decrypt.md", "sh administrator"), work)).toMatchObject({
    status: 0,
  });
});

afterAll(async () => {
  await sent.close();
  await rm(folder, { recursive: true, force: true });
});

test("the guide's lines decrypt a segment that the console sent, byte for byte", async () => {
  const videos = sent.resources.filter(
    ({ State, MimeType }) => State !== "Derived" && MimeType === "video/mp4",
  );
  expect(videos).toHaveLength(2);
  const lines = await guideLines("decrypt.md");
  for (const { ResourceId, Name } of videos) {
    await save(ResourceId);
    expect(await runLines(lines, work)).toMatchObject({ status: 0 });
    const original = sent.originals[Name.includes("1 of 2") ? 0 : 1];
    expect((await readFile(join(work, "segment.mp4"))).equals(original ?? Buffer.alloc(0))).toBe(true);
  }
});

test("they say so when a file is of protocol 2.0", async () => {
  await writeFile(
    join(work, "headers.txt"),
    'x-ms-meta-encryptiondata: {"EncryptionAlgorithm":"AES_GCM_256"}\r\n',
  );
  const outcome = await runLines(await guideLines("decrypt.md"), work);
  expect(outcome).toEqual({ status: 1, output: "This is not protocol 1.0.\n" });
});

/** The file and its headers, written as curl writes them. */
async function save(resourceId: string): Promise<void> {
  const answer = await sent.download(resourceId, "encrypted");
  const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}\r\n`);
  await writeFile(join(work, "headers.txt"), `HTTP/1.1 200 OK\r\n${headers.join("")}\r\n`);
  await writeFile(join(work, "segment.mp4.encrypted"), Buffer.from(await answer.arrayBuffer()));
}
