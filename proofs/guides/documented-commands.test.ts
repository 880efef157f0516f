/** Each command of README and the guides is run as it stands there, or is listed with the reason why not. */
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rootFolder } from "#dev/launch/run-program.mjs";
import { readS3Settings } from "#evidence-service/blobs/s3/s3-settings.ts";
import { startLine, type Started, UNCLEAN } from "#proofs/newcomer/started.ts";
import {
  blocksOf,
  commandsOneByOne,
  documentNames,
  DONE_AS_A_WHOLE,
  kindOf,
  NO_COMMANDS,
  NOT_RUN,
} from "./documented-commands.ts";
import { readerEnvironment } from "./reader-environment.ts";

const documented = await commandsOneByOne();
let home: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "documented-commands-"));
  env = await readerEnvironment(home);
});
afterAll(() => rm(home, { recursive: true, force: true }));

const siteDir = () => join(home, "data", "evidence-desk", "site");
const serviceFolder = () => join(home, "service");

/** What the words in capitals of a command stand for. */
type Own = Readonly<Record<string, string>>;

/** Types a command with what is the reader's own in it: words in capitals, and a port that is free. */
function typed(command: string, own: Own = {}): Started {
  const line = Object.entries(own).reduce(
    (changed, [word, meant]) => changed.replaceAll(new RegExp(`\\b${word}\\b`, "g"), meant),
    command.replace(/--port \d+/, "--port 0"),
  );
  return startLine(line, rootFolder, env);
}

/** @returns what it said, once it has ended with 0 */
async function done(command: string, own?: Own): Promise<string> {
  const started = typed(command, own);
  expect(await started.ended(), started.said).toBe(0);
  return started.said;
}

/** It says that it takes requests, answers one, and ends when its terminal tells it to. */
async function serves(command: string, ready: RegExp, path: string, own?: Own): Promise<void> {
  const started = typed(command, own);
  const [, address = ""] = await started.says(ready);
  expect((await fetch(address + path)).status).toBe(200);
  await started.interrupt();
  // Whoever names a folder of Electron's is not made to wait for another one.
  expect(started.said).not.toMatch(UNCLEAN);
  expect(started.said).not.toContain("Fetching Electron");
}

/** The console's page is there for a browser to attach to. */
const opens = (command: string, own?: Own) => serves(command, /attach to (\S+)/, "/json/version", own);

/** How each command is run, in the order of need: a site is made before it is looked at. */
const RUNS: Readonly<Record<string, (command: string) => Promise<unknown>>> = {
  "npm run demo:reset -- --site DIR": async (command) => {
    expect(await done(command, { DIR: siteDir() })).toContain("The demo site is ready");
    expect(existsSync(join(siteDir(), "evidence-desk-site.json"))).toBe(true);
  },
  "npm start": (command) => opens(command),
  "npm start -- --site DIR": (command) => opens(command, { DIR: siteDir() }),
  "EVIDENCE_DESK_ARCHIVE_TOKEN=SECRET npm run archive -- --dir DIR --port 8081": async (command) => {
    const started = typed(command, { SECRET: "a-secret", DIR: join(siteDir(), "archive") });
    const [, address = ""] = await started.says(/"listening":"([^"]+)"/);
    const cameras = `${address}/cameras`;
    expect((await fetch(cameras)).status).toBe(401);
    expect((await fetch(cameras, { headers: { authorization: "Bearer a-secret" } })).status).toBe(200);
    await started.interrupt();
  },
  "npm run archive -- reindex --dir DIR": async (command) => {
    const archive = join(siteDir(), "archive");
    await rm(join(archive, "index.sqlite"));
    // One camera's footage is read as that of all.
    const [, ...others] = await readdir(join(archive, "footage"));
    for (const camera of others) await rm(join(archive, "footage", camera), { recursive: true });
    await done(command, { DIR: archive });
    expect(existsSync(join(archive, "index.sqlite"))).toBe(true);
  },
  "npm run archive -- check --dir DIR": async (command) => {
    expect(await done(command, { DIR: join(siteDir(), "archive") })).toContain('"broken":[]');
  },
  "npm run evidence-service -- setup --dir DIR": async (command) => {
    expect(await done(command, { DIR: serviceFolder() })).toMatch(
      /Sign in as “administrator” with the password \S+/,
    );
  },
  "npm run evidence-service -- --dir DIR --port 8082 --web-app out/web-app": (command) =>
    serves(command, /"listening":"([^"]+)"/, "/", { DIR: serviceFolder() }),
  "npm run evidence-service -- account --dir DIR --name NAME --file FILE --role ROLE": async (command) => {
    const file = join(home, "account.json");
    await done(command, { DIR: serviceFolder(), NAME: "reader", FILE: file, ROLE: "integration" });
    expect(JSON.parse(await readFile(file, "utf8"))).toHaveProperty("TenantId");
  },
  "npm run evidence-service -- --dir DIR --verify-audit": (command) =>
    done(command, { DIR: serviceFolder() }),
  "npm run evidence-service -- rotate-keys --dir DIR": async (command) => {
    expect(await done(command, { DIR: serviceFolder() })).toContain("A new key (content)");
  },
  "npm run evidence-service -- retire-keys --dir DIR": async (command) => {
    expect(await done(command, { DIR: serviceFolder() })).toContain("No key has been replaced");
  },
  "npm run package -- new-key KEYS": async (command) => {
    expect(await done(command, { KEYS: join(home, "keys") })).toMatch(/Key id [0-9a-f]{64}/);
    expect((await stat(join(home, "keys", "update-publisher.key.pem"))).mode & 0o777).toBe(0o600);
  },
  "npm run package -- publish PLACE --key KEYS/update-publisher.key.pem --version VERSION --notes NOTES PACKAGE":
    async (command) => {
      const own = { NOTES: join(home, "notes.txt"), PACKAGE: join(home, "desk.deb") };
      for (const file of Object.values(own)) await writeFile(file, "of a test");
      const place = join(home, "place");
      await done(command, { ...own, PLACE: place, KEYS: join(home, "keys"), VERSION: "9.0.0" });
      expect(await readdir(place)).toEqual(
        expect.arrayContaining(["desk.deb", "evidence-desk-update.json", "evidence-desk-update.json.sig"]),
      );
    },
  "openssl pkeyutl -verify -pubin -inkey KEYS/update-publisher.pem -rawin -in PLACE/evidence-desk-update.json -sigfile PLACE/evidence-desk-update.json.sig":
    async (command) => {
      const said = await done(command, { KEYS: join(home, "keys"), PLACE: join(home, "place") });
      expect(said).toContain("Signature Verified Successfully");
    },
  "umask 077": async (command) => {
    const dir = join(home, "service-in-azure");
    await mkdir(dir);
    await done(command, { DIR: dir });
    const file = join(dir, "azure-blobs.json");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, "utf8"))).toHaveProperty("connectionString");
  },
  "umask 077 && cat > DIR/s3-blobs.json << END": async (command) => {
    const dir = join(home, "service-in-a-bucket");
    await mkdir(dir);
    await done(command, { DIR: dir });
    const settings = await readS3Settings(join(dir, "s3-blobs.json"));
    expect(settings).toMatchObject({ endpoint: "https://store.example", bucket: "evidence" });
  },
};

/** By its first line: what is given to a command's input goes on below it. */
const firstLine = (command: string): string => command.split("\n")[0] ?? "";

describe("README and the guides", () => {
  test("have no block of which nobody knows whether it is a command", async () => {
    for (const document of await documentNames())
      for (const block of await blocksOf(document))
        expect([document, block.line, block.language]).not.toEqual([document, block.line, ""]);
  });

  test("have no command that is neither run nor listed with a reason", () => {
    const known = (command: string) => firstLine(command) in RUNS || command in NOT_RUN;
    expect(documented.filter(({ command }) => !known(command))).toEqual([]);
  });

  test("have every command that is said to be run, or not to be", () => {
    const there = new Set(documented.flatMap(({ command }) => [command, firstLine(command)]));
    expect([...Object.keys(RUNS), ...Object.keys(NOT_RUN)].filter((command) => !there.has(command))).toEqual(
      [],
    );
  });

  test("that are done as a whole have no block that is left out, and are read by their test", async () => {
    for (const [document, { kinds, by }] of Object.entries(DONE_AS_A_WHOLE)) {
      const found = new Set((await blocksOf(document)).map(kindOf));
      expect([document, kinds.filter((kind) => !found.has(kind))]).toEqual([document, []]);
      const name = document.split("/").at(-1) ?? "";
      expect(await readFile(join(rootFolder, by), "utf8")).toContain(name);
    }
    for (const by of Object.values(NO_COMMANDS)) expect(existsSync(join(rootFolder, by))).toBe(true);
  });
});

// One after the other, in the order of the table: each finds what the one before has left. The demo is made once.
describe.runIf(process.platform !== "win32")(
  "as it stands in the documents, runs",
  { timeout: 240_000 },
  () => {
    test.each(Object.keys(RUNS))("%s", async (first) => {
      const command = documented.find((one) => firstLine(one.command) === first)?.command;
      expect(command).toBeDefined();
      await mkdir(dirname(siteDir()), { recursive: true });
      await RUNS[first]?.(command ?? "");
    });
  },
);
