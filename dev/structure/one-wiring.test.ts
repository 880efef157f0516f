/** What sends is put together in one place: whatever proves or measures it has the program before it, and no copy. */
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { type Import, importsOf } from "./imports.ts";
import { isForTests, readOtherFiles, readProductionFiles } from "./production-files.ts";

const rootFolder = fileURLToPath(new URL("../../", import.meta.url));

const WIRING = "electron/sending-parts/";
const ADAPTERS = "electron/adapters/";
const PIPELINE = "electron/export-pipeline/";

/** Modules of what the wiring puts together; values of them are of nobody else's concern. */
const PUT_TOGETHER: ReadonlySet<string> = new Set([
  `${ADAPTERS}archive-client/archive-client.ts`,
  `${ADAPTERS}clearance-client/clearance-destination.ts`,
  `${ADAPTERS}device-key/device-key.ts`,
  `${ADAPTERS}journal/sqlite-journal.ts`,
  `${ADAPTERS}line-rate/line-meters.ts`,
  `${ADAPTERS}line-rate/line-rates.ts`,
  `${ADAPTERS}line-rate/measuring-destination.ts`,
  `${ADAPTERS}retry/retrying-ports.ts`,
  `${ADAPTERS}segment-encryptor/segment-workers.ts`,
  `${ADAPTERS}shown-bytes/shown-bytes-file.ts`,
  `${ADAPTERS}site/destination-account.ts`,
  `${ADAPTERS}site/network-settings.ts`,
  `${ADAPTERS}spool/folder-spool.ts`,
  `${PIPELINE}tracked/export-ledger.ts`,
  `${PIPELINE}export-pipeline.ts`,
  `${PIPELINE}tracked/export-status-feed.ts`,
  `${PIPELINE}limits/read-in-turn.ts`,
  `${PIPELINE}tracked/transfer-progress.ts`,
]);

/** What the wiring uses, and others may use for something else. */
const ALSO_ELSEWHERE: ReadonlyMap<string, string> = new Map([
  [`${ADAPTERS}connections.ts`, "Connections are the process's, whoever has opened them."],
  [
    `${ADAPTERS}site/secret-box.ts`,
    "What a machine's keyring can do is asked of it before anything is sent.",
  ],
  [`${ADAPTERS}site/settings-store.ts`, "Settings are kept and read without anything that is sent."],
  [`${ADAPTERS}site/site-file.ts`, "It puts words to what goes wrong with any file of the site."],
  [`${ADAPTERS}trust/trusted-authorities.ts`, "The process trusts them, whatever it asks for."],
]);

/** Proofs of a single part. */
const SINGLE_PARTS: ReadonlyMap<string, string> = new Map([
  ["proofs/console-parts/one-worker.ts", "What a thread trusts is its own; it is asked without a console."],
  [
    "proofs/conformance/console-ports.test.ts",
    "Each client is held to its port's suite without what stands around it.",
  ],
  ...[
    "electron/adapters/clearance-client/clearance-destination.test.ts",
    "electron/adapters/spool/folder-spool.test.ts",
    "electron/adapters/spool/full-spool.test.ts",
    "electron/adapters/spool/spool-port.test.ts",
  ].map((path): [string, string] => [
    path,
    "Its bytes are moved by a thread of its own, as they really are.",
  ]),
  ...[
    "electron/camera-changes.test.ts",
    "electron/desktop-shell/camera-watch.test.ts",
    "electron/spool-folder-choice.test.ts",
  ].map((path): [string, string] => [
    path,
    "What the console does with one port is asked of its real client.",
  ]),
  ...[
    "electron/export-pipeline/limits/reading-turns.test.ts",
    "electron/export-pipeline/limits/spool-room.test.ts",
  ].map((path): [string, string] => [
    path,
    "Who has a turn is computed from the ledger, without a pipeline.",
  ]),
  ["electron/adapters/site/settings-store.test.ts", "Line rates are read back by what keeps them."],
]);

test("journal, spool, threads, archive, destination, signer and limits are put together by the wiring alone", () => {
  const files = [...readProductionFiles(rootFolder), ...readOtherFiles(rootFolder)];
  const users = files
    .filter(({ path }) => !isPartItself(path) && !SINGLE_PARTS.has(path))
    .flatMap(importsOf)
    .filter(({ to, isType }) => PUT_TOGETHER.has(to) && !isType)
    .filter((one) => !isBesideItsPart(one))
    .map(({ from, to }) => `${from} puts ${to} together by itself.`);
  expect(users.filter((user) => !user.startsWith(WIRING))).toEqual([]);
});

test("the list of what is put together is what the wiring uses, no less and no more", () => {
  const used = readProductionFiles(rootFolder)
    .filter(({ path }) => path.startsWith(WIRING))
    .flatMap(importsOf)
    .filter(({ to, isType }) => !isType && (to.startsWith(ADAPTERS) || to.startsWith(PIPELINE)))
    .map(({ to }) => to);
  expect([...new Set(used)].toSorted()).toEqual([...PUT_TOGETHER, ...ALSO_ELSEWHERE.keys()].toSorted());
});

/** The parts build on each other. */
const isPartItself = (path: string): boolean =>
  (path.startsWith(ADAPTERS) || path.startsWith(PIPELINE)) && !isForTests(path);

/** A part is tested beside where it stands; only the pipeline as a whole is nobody's but the wiring's. */
const isBesideItsPart = ({ from, to }: Pick<Import, "from" | "to">): boolean =>
  isForTests(from) && posix.dirname(from) === posix.dirname(to) && to !== `${PIPELINE}export-pipeline.ts`;
