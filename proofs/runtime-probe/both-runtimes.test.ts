import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runtimeForTests } from "#dev/electron-runtime/runtime-for-tests.ts";
import { hasOpenssl, TestAuthority } from "../private-authority/authority.ts";
import { bundleProbe, probeIn, probeInShell, type RunProbe } from "./running-probe.ts";

const STOOD = { x: 40, y: 30, width: 700, height: 500 };

/** What the console relies on, as Electron answers it. */
const ANSWERS = {
  "the name is settled, and everything of the browser lies in the site": [
    ...["Evidence Desk", true, "console/browser", "console/browser", true],
  ],
  "a site of one's own leaves nothing in the user's folder": [],
  "a second start on a site is told no, and the first hears its words": [true, true, ["false"]],
  "a utility process gets words and environment, answers what structured clone keeps, and writes to its pipe":
    [...["a word environment", 5, "1", [1, 2], true]],
  "the code of a utility process's own end": 7,
  "the code of a utility process that nobody caught an error in": 1,
  "the code of a utility process that is told to end": [true, 0],
  "the code of a utility process that had to be killed": 0,
  "a service that is asked to end has the time to leave what it wrote whole": true,
  "a service that does not end when asked is ended": true,
  "V8 options reach a service": true,
  "V8 takes a limit by --js-flags": true,
  "what nobody permits a page is refused it": [1, "denied", "NotAllowedError"],
  "a secret is sealed, and opened again": [true, "a secret"],
  "a menu is made of roles, and taken away": [true, true],
  "notifications are asked about before one is shown": true,
  "the power monitor is listened to, and let go": [1, 0],
  "monitors are told, each with its id, and what is free of it lies on it": true,
  "a window stands where it is put, fills the screen and is as it was, beside another one": [
    ...[STOOD, true, STOOD, false, true, false, false, true, 1],
  ],
  "a scheme of our own is a secure origin, answers ranges and says what it has not": [
    ...[true, 404, [206, "bytes 1-3/5", "bytes=1-3", "bcd"], "blocked"],
  ],
  "what structured clone keeps comes back over IPC": [5, true, "1,2", true, true],
  "a handler that fails, is unknown or answers what cannot be cloned": [
    "Error invoking remote method 'fail': TypeError: told why",
    "Error invoking remote method 'unknown': Error: No handler registered for 'unknown'",
    "Error invoking remote method 'unclonable': Error: An object could not be cloned.",
  ],
  "what cannot be cloned is refused before it is sent": "An object could not be cloned.",
  "a handler sees the page's own address and frame": ["app://console/", true, true],
  "answers to a page come in their order": [1, 2, 3],
  "a preload has the sandbox's modules, and the page nothing of Node": [
    ...[true, "module not found: node:fs", "undefined", "undefined", true],
  ],
  "main is asked before a page opens a window or goes elsewhere": [
    ["open http://other.invalid/", "navigate http://elsewhere.invalid/"],
    "Probe",
  ],
  "a page that hangs is ended by main, and its window can load again": [true, "Probe"],
  "the machine is kept awake once, and let go once": [true, true, false],
  "the order of quitting": ["before-quit", "close", "closed", "will-quit", "quit 0"],
};

/** The Chromium shell's menus are empty. */
const ROLES = "what the roles of macOS's menu do";
const ROLES_IN_ELECTRON = ["quit", "copy", "cut", "paste", "selectall", "undo", "minimize"];

/** Where there is an openssl to make an authority with. */
const TRUST = "whom to trust is chosen for main, a utility process and a thread, each for itself";
const CHOSEN = ["refused", "refused", "answered", "answered", "refused", true];

let folder: string;
let server: Server | null = null;
let ofServer: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "evidence-desk-probed-"));
  if (!(await hasOpenssl())) return;
  const authority = await TestAuthority.make(join(folder, "authority"), "Authority of the probe");
  server = createServer(await authority.issue({ names: ["IP:127.0.0.1"] }), (_request, response) =>
    response.end("seen"),
  );
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  ofServer = { PROBE_TLS: address, PROBE_AUTHORITY: authority.pem };
});
afterAll(async () => {
  server?.close();
  await rm(folder, { recursive: true });
});

async function expectAlike(run: RunProbe, roles: readonly string[]): Promise<void> {
  const alike = { ...ANSWERS, [ROLES]: roles };
  const answers = server === null ? alike : { ...alike, [TRUST]: [CHOSEN, CHOSEN, CHOSEN] };
  expect(await run(ofServer)).toEqual({ exitCode: 0, answers });
  for (const how of ["exception", "rejection"]) {
    expect(await run({ PROBE_FAILS: how })).toEqual({
      exitCode: 3,
      answers: { "An unforeseen error.": "Error: nobody foresaw this", "what is under way is stopped": true },
    });
  }
}

/** What was started again ends by itself, after the one that was waited for. */
async function expectToStartAgain(run: RunProbe): Promise<void> {
  const path = join(folder, "starts");
  const site = join(folder, "site of those starts");
  expect(await run({ PROBE_STARTS_AGAIN: path, PROBE_SITE: site })).toEqual({ exitCode: 1, answers: {} });
  const starts = async () => {
    const lines = (await readFile(path, "utf8")).trim().split("\n");
    return lines.map((line) => JSON.parse(line) as [boolean, string[]]);
  };
  await expect.poll(starts, { timeout: 20_000 }).toHaveLength(2);
  const [[isFirst, before] = [], [isAlone, after] = []] = await starts();
  expect([isFirst, isAlone]).toEqual([true, true]);
  expect(after?.toSorted()).toEqual([...(before ?? []), `--site=${site}`].toSorted());
}

test("the Chromium shell answers as Electron does", () => expectAlike(probeInShell, []));

const wantsElectron = process.env["EVIDENCE_DESK_TEST_RUNTIME"] === "electron";

test.skipIf(!wantsElectron)("Electron answers what the console relies on", async () => {
  const runtime = runtimeForTests();
  if (runtime === null) throw new Error("There is no Electron.");
  const bundled = await bundleProbe();
  const run = probeIn(runtime.executablePath, bundled);
  await expectAlike(run, ROLES_IN_ELECTRON);
  await expectToStartAgain(run);
  await rm(bundled, { recursive: true });
});
