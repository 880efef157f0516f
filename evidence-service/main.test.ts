import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { readyLineOf } from "#runtime/process/ready-line.ts";
import { TestSite } from "./testing/test-site.ts";
import { START_REFUSAL_ACTIONS } from "./site/start-refusal.ts";

const MAIN = join(import.meta.dirname, "main.ts");
const readySchema = z.object({ listening: z.url(), connectionFile: z.string() });

let dir: string;
const started: ChildProcess[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "evidence-main-"));
});
afterEach(async () => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
  await rm(dir, { recursive: true, force: true });
});

async function start(...more: string[]) {
  const child = spawn(process.execPath, [MAIN, "--dir", dir, "--port", "0", ...more], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stderr.pipe(process.stderr, { end: false });
  started.push(child);
  return { child, ready: readySchema.parse(await readyLineOf(child, "The service")) };
}

test("tells where it listens, keeps its port over a restart, and stops cleanly when asked", async () => {
  const first = await start();
  expect((await fetch(`${first.ready.listening}/.well-known/openid-configuration`)).status).toBe(200);
  expect((await stat(first.ready.connectionFile)).mode & 0o777).toBe(0o600);
  first.child.kill("SIGTERM");
  expect(await once(first.child, "exit")).toEqual([0, null]);
  const second = await start();
  expect(second.ready.listening).toBe(first.ready.listening);
});

test("the connection file has the ending that a double click opens; one of an earlier version's name goes on", async () => {
  const earlier = join(dir, "connection.json");
  const { child, ready } = await start();
  expect(ready.connectionFile).toBe(join(dir, "console.evidence-connection"));
  await expect(stat(earlier)).rejects.toMatchObject({ code: "ENOENT" });
  child.kill("SIGTERM");
  await once(child, "exit");

  // As an earlier version left it, with an address that does not hold any more.
  await rename(ready.connectionFile, earlier);
  const added = join(dir, "reader.evidence-connection");
  const words = ["account", "--dir", dir, "--name", "Reader", "--file", added, "--role", "integration"];
  const adding = spawn(process.execPath, [MAIN, ...words], { stdio: "inherit" });
  expect(await once(adding, "exit")).toEqual([0, null]);
  await writeFile(earlier, "{}");
  const again = await start();
  const written = await readFile(again.ready.connectionFile, "utf8");
  expect(JSON.parse(written)).toMatchObject({ ApiBaseAddresses: [again.ready.listening] });
  expect(await readFile(earlier, "utf8")).toBe(written);
  expect((await stat(earlier)).mode & 0o777).toBe(0o600);
});

test("takes another port when the last one is taken", async () => {
  const first = await start();
  first.child.kill("SIGTERM");
  await once(first.child, "exit");
  const other = createServer().listen(Number(new URL(first.ready.listening).port), "127.0.0.1");
  await once(other, "listening");
  const second = await start();
  expect(second.ready.listening).not.toBe(first.ready.listening);
  other.close();
});

test("a second service in the same folder names the first, and leaves alone what it is receiving", async () => {
  const first = await start();
  const console = TestSite.attach(dir, first.ready.listening, first.ready.connectionFile);
  const { EvidenceId } = await console.createEvidence();
  const blob = new BlockBlobClient((await console.uploadAddress(EvidenceId, { ExternalId: "a" })).Uri);
  await blob.stageBlock(btoa("000"), Buffer.alloc(1_000), 1_000);

  const second = spawn(process.execPath, [MAIN, "--dir", dir], { stdio: ["ignore", "ignore", "pipe"] });
  started.push(second);
  const exited = once(second, "exit");
  const words = await text(second.stderr);
  expect(await exited).toEqual([1, null]);
  expect(words).toMatch(new RegExp(`^FOLDER_IN_USE: .*process ${first.child.pid}, since .*\\n$`));
  if (process.platform === "linux") {
    // Its file may be taken for a leftover.
    await rm(join(dir, "service.lock"));
    expect((await command("setup")).stderr).toMatch(/^FOLDER_IN_USE: /);
  }
  await blob.commitBlockList([btoa("000")]);
  expect((await blob.getProperties()).contentLength).toBe(1_000);
});

/** Runs an administrator's command to its end. */
async function command(...words: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [MAIN, ...words, "--dir", dir], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  started.push(child);
  const exited = once(child, "exit");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: (await exited)[0], stdout, stderr };
}

test("a fresh service is set up once, and its first person signs in and finds a department", async () => {
  const made = await command("setup", "--user", "ada", "--department", "Night watch");
  const password = /password (\S+)/.exec(made.stdout)?.[1] ?? "";
  expect(password).toMatch(/^[a-z2-9]{20}$/);
  const again = await command("setup");
  expect(again.code).toBe(1);
  expect(again.stderr).toMatch(/^ALREADY_SET_UP: .*“ada”/);
  const { ready } = await start();
  const signedIn = await fetch(`${ready.listening}/web/api/sign-in`, {
    method: "POST",
    headers: { "x-evidence-desk": "1", "content-type": "application/json" },
    body: JSON.stringify({ username: "ada", password }),
  });
  expect(signedIn.status).toBe(200);
  const console = TestSite.attach(dir, ready.listening, ready.connectionFile);
  const departments = await console.call("GET", "/cases/api/v1/department/TENANT");
  expect(departments.body).toMatchObject([{ Name: "Night watch" }]);
  expect((await command("setup")).stderr).toMatch(/^FOLDER_IN_USE: /);
});

test("keys that are made while the database is away say what is not done, and a command gives a command's advice", async () => {
  const first = await start();
  first.child.kill("SIGTERM");
  await once(first.child, "exit");
  // Nobody listens on port 9.
  const settings = JSON.stringify({ url: "postgresql://evidence@127.0.0.1:9/evidence" });
  await writeFile(join(dir, "postgres.json"), settings, { mode: 0o600 });
  const made = await command("rotate-keys", "--kind", "token");
  expect(made).toMatchObject({ code: 3, stderr: "" });
  expect(made.stdout).toMatch(/A new key \(token\): .*\n/);
  expect(made.stdout).toMatch(
    /The database at 127\.0\.0\.1:9 cannot be reached .* nor in the audit trail yet/,
  );
  const retired = await command("retire-keys");
  expect(retired.code).toBe(1);
  expect(retired.stderr).toMatch(/^POSTGRES_UNREACHABLE: .*then give the same command again\.\n$/);
  const started = await refusedStart([]);
  expect(started.said).toMatch(/^POSTGRES_UNREACHABLE: .*then start the service again\.\n$/);
});

test("another account gets a connection file of its own, and the rights of its role", async () => {
  const file = join(dir, "reader.json");
  const words = ["account", "--name", "Reader", "--role", "integration", "--file", file];
  expect((await command(...words)).stderr).toMatch(/^NEVER_STARTED: /);
  const first = await start();
  first.child.kill("SIGTERM");
  await once(first.child, "exit");
  expect(await command(...words)).toMatchObject({ code: 0, stderr: "" });
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const key = await readFile(file, "utf8");
  expect((await command(...words)).stderr).toMatch(/^FILE_EXISTS: /);
  expect(await readFile(file, "utf8")).toBe(key);
  const other = ["--role", "integration", "--file", join(dir, "other.json")];
  const alike = await command("account", "--name", " READER\u00A0", ...other);
  expect(alike.stderr).toMatch(/^NAME_READS_ALIKE: The account “Reader” reads the same/);
  const unknown = await command("account", "--name", "x", "--file", file, "--role", "king");
  expect(unknown.stderr).toMatch(/^UNKNOWN_ROLE: /);
  const { ready } = await start();
  const { EvidenceId } = await TestSite.attach(dir, ready.listening, ready.connectionFile).createEvidence();
  const reader = TestSite.attach(dir, ready.listening, file);
  expect(await reader.readEvidence(EvidenceId)).toMatchObject({ EvidenceId });
});

test("a service whose predecessor is just ending waits for it", async () => {
  const first = await start();
  const second = start();
  await setTimeout(500);
  first.child.kill("SIGTERM");
  expect((await second).ready.listening).toBe(first.ready.listening);
});

test("does not start without the container that its folder names, and says why in one line", async () => {
  const key = Buffer.alloc(32).toString("base64");
  // Nobody listens on port 9.
  const connectionString = `DefaultEndpointsProtocol=http;AccountName=a;AccountKey=${key};BlobEndpoint=http://127.0.0.1:9/a;`;
  const settings = JSON.stringify({ connectionString, container: "evidence" });
  await writeFile(join(dir, "azure-blobs.json"), settings, { mode: 0o600 });
  const child = spawn(process.execPath, [MAIN, "--dir", dir], { stdio: ["ignore", "ignore", "pipe"] });
  started.push(child);
  const exited = once(child, "exit");
  const words = await text(child.stderr);
  expect(await exited).toEqual([1, null]);
  expect(words).toBe(
    "AZURE_UNREACHABLE: The container “evidence” at 127.0.0.1:9 cannot be reached (ECONNREFUSED). Check the line to it and the address, then start the service again.\n",
  );
});

test.each([
  ["http://evidence.example", "begins with https://"],
  ["https://evidence.example/below", "of a host alone"],
  ["https://somebody:secret@evidence.example", "of a host alone"],
  ["evidence.example", "begins with https://"],
])("does not start with a public address that cannot be used: %s", async (url, words) => {
  for (const given of [["--public-url", url], []]) {
    if (given.length === 0) await writeFile(join(dir, "settings.json"), JSON.stringify({ publicUrl: url }));
    const { said, exit } = await refusedStart(given);
    expect(said).toMatch(/^PUBLIC_URL: .*\n$/);
    expect(said).toContain(words);
    expect(exit).toEqual([1, null]);
  }
});

test.each([
  [["--port", "99999"], /^ARGUMENT_WRONG: --port .*\n$/],
  [["--nothing"], /^ARGUMENT_WRONG: .*--nothing.*\n$/],
  [["--port"], /^ARGUMENT_WRONG: .*\n$/],
] as const)(
  "does not start with arguments that it does not know, and says so in one line: %j",
  async (given, words) => {
    const { said, exit } = await refusedStart(given);
    expect(said).toMatch(words);
    expect(exit).toEqual([1, null]);
  },
);

test.each([
  ["{", "it has to hold one JSON object"],
  ["[]", "it has to hold one JSON object"],
  ['{"publicURL":"https://evidence.example"}', "“publicURL” is no setting of this file"],
  ['{"publicUrl":1}', "what it has under “publicUrl” cannot be used"],
])(
  "does not start with settings that are wrong, and names the file and what is wrong: %s",
  async (settings, words) => {
    await writeFile(join(dir, "settings.json"), settings);
    const { said, exit } = await refusedStart([]);
    expect(said).toMatch(/^SETTINGS_WRONG: .*settings\.json: .*\n$/);
    const action = START_REFUSAL_ACTIONS.SETTINGS_WRONG.replaceAll(".", "\\.");
    expect(said.trim()).toMatch(new RegExp(`settings\\.json: ${words}\\. ${action}$`));
    expect(exit).toEqual([1, null]);
  },
);

async function refusedStart(given: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, "--dir", dir, ...given], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  started.push(child);
  const exited = once(child, "exit");
  return { said: await text(child.stderr), exit: await exited };
}

/** The files of a blob's blocks, by the text of four letters that each begins with. */
async function storedBlocks(folder: string): Promise<Map<string, Buffer>> {
  const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))));
  return new Map(files.map((bytes) => [bytes.toString("latin1", 0, 4), bytes]));
}

test("blocks that were acknowledged survive SIGKILL", async () => {
  const killed = await start();
  const console = TestSite.attach(dir, killed.ready.listening, killed.ready.connectionFile);
  const { EvidenceId } = await console.createEvidence();
  const { Uri } = await console.uploadAddress(EvidenceId, { ExternalId: "a" });
  const ids = ["000", "001", "002"].map((text) => btoa(text));
  const blob = new BlockBlobClient(Uri);
  await Promise.all(ids.map((id) => blob.stageBlock(id, Buffer.alloc(100_000, id), 100_000)));
  killed.child.kill("SIGKILL");
  await once(killed.child, "exit");

  const { ready } = await start();
  const again = TestSite.attach(dir, ready.listening, ready.connectionFile);
  const { Uri: freshUri, ResourceId } = await again.uploadAddress(EvidenceId, { ExternalId: "a" });
  const resumed = new BlockBlobClient(freshUri);
  const { uncommittedBlocks } = await resumed.getBlockList("uncommitted");
  expect(uncommittedBlocks?.map(({ name, size }) => [name, size]).toSorted()).toEqual(
    ids.map((id) => [id, 100_000]),
  );
  await resumed.commitBlockList(ids);
  const expected = Buffer.concat(ids.map((id) => Buffer.alloc(100_000, id)));
  const { contentLength } = await resumed.getProperties();
  expect(contentLength).toBe(expected.length);
  const blocks = await storedBlocks(join(dir, "blobs", ResourceId));
  expect(Buffer.concat(ids.map((id) => blocks.get(id) ?? Buffer.alloc(0))).equals(expected)).toBe(true);
});

test("ends with the process that started it", async () => {
  const script = `
    const { spawn } = require("node:child_process");
    const child = spawn(process.execPath, process.argv.slice(1), { stdio: ["ignore", "pipe", "inherit"] });
    child.stdout.on("data", (line) => process.stdout.write(line));`;
  const arguments_ = ["-e", script, MAIN, "--dir", dir, "--exit-with-parent"];
  const parent = spawn(process.execPath, arguments_, { stdio: ["ignore", "pipe", "inherit"] });
  started.push(parent);
  const { listening } = await readyLineOf(parent, "The service");
  expect((await fetch(listening)).status).toBe(503);
  parent.kill("SIGKILL");
  const answers = (): Promise<boolean> =>
    fetch(listening).then(
      () => true,
      () => false,
    );
  await expect.poll(answers, { timeout: 20_000, interval: 200 }).toBe(false);
});

test("a client that leaves in the middle of a block is nothing that the log complains of", async () => {
  const { child, ready } = await start();
  const log = text(child.stderr);
  const console = TestSite.attach(dir, ready.listening, ready.connectionFile);
  const { EvidenceId } = await console.createEvidence();
  const { Uri, ResourceId } = await console.uploadAddress(EvidenceId);
  const blockId = btoa("000");
  const headers = { "content-length": 1_000_000, "x-ms-version": "2021-12-02" };
  const url = `${Uri}&comp=block&blockid=${encodeURIComponent(blockId)}`;
  const leaving = request(url, { method: "PUT", headers });
  const left = once(leaving, "error");
  leaving.write(Buffer.alloc(100_000), () => leaving.destroy(new Error("The client leaves.")));
  await left;
  // The same block comes whole afterwards.
  const blob = new BlockBlobClient(Uri);
  await blob.stageBlock(blockId, Buffer.alloc(1_000), 1_000);
  await blob.commitBlockList([blockId]);
  expect((await blob.getProperties()).contentLength).toBe(1_000);
  await expect.poll(() => readdir(join(dir, "blobs", ResourceId))).toHaveLength(1);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
  expect(await log).toBe("");
});
