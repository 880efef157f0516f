import { anyFailure } from "../../export-pipeline/testing/hindered-calls.ts";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { SegmentState } from "#shared/domain/segment-state.ts";
import type { JournalEntry, SegmentRecord } from "../../export-pipeline/ports/export-journal.ts";
import { cameraExport, exportOf, NEW_CASE, World } from "../../export-pipeline/testing/world.ts";
import { JournalUnreadable, SqliteJournal } from "./sqlite-journal.ts";

const FILE = {
  plaintextLengthBytes: 1,
  plaintextSha256: "aa",
  ciphertextLengthBytes: 29,
  ciphertextSha512: "bb",
};
const FAILURE = { ...anyFailure("REFUSED", "No."), action: "Press Retry." };
const SENT = { file: FILE, resourceId: "r" };
const STATES: SegmentState[] = [
  { kind: "queued" },
  { kind: "exporting" },
  { kind: "spooled", file: FILE },
  { kind: "uploading", ...SENT },
  { kind: "uploaded", ...SENT },
  { kind: "verified", ...SENT },
  { kind: "failed", at: "upload", failure: FAILURE, file: FILE },
  { kind: "failed", at: "export", failure: FAILURE, file: null },
  { kind: "empty" },
  { kind: "cancelled" },
];

let folder: string;
let path: string;
let opened: SqliteJournal[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "journal-"));
  path = join(folder, "journal.sqlite");
});

afterEach(() => {
  for (const journal of opened) journal.close();
  opened = [];
  rmSync(folder, { recursive: true });
});

function open(): SqliteJournal {
  const journal = new SqliteJournal(path);
  opened.push(journal);
  return journal;
}

async function entryOf(exportId: string, hours = 2): Promise<JournalEntry> {
  const cameras = [cameraExport("a", hours), { ...cameraExport("b"), recording: "1763899200000" }];
  return await new World().admit(exportOf(cameras, { requestId: exportId, caseAssociation: NEW_CASE }));
}

function firstOf(entry: JournalEntry): JournalEntry["cameraExports"][number] {
  const [first] = entry.cameraExports;
  if (first === undefined) throw new Error("The entry has no camera export.");
  return first;
}

describe("the journal in SQLite", () => {
  test("gives back what it was given, in order of creation", async () => {
    const entries = [await entryOf("export-2"), await entryOf("export-1"), await entryOf("export-3")];
    const journal = open();
    for (const entry of entries) journal.add(entry);
    expect(open().load()).toEqual(entries);
  });

  test.each(STATES)("gives back a segment that is $kind", async (state) => {
    const entry = await entryOf("export-1");
    const journal = open();
    journal.add(entry);
    const { segments } = firstOf(entry);
    const changed = { ...segments[1], state, encryptionData: '{"a":1}' } as SegmentRecord;
    journal.saveSegment(changed);
    expect(open().load()[0]?.cameraExports[0]?.segments).toEqual([segments[0], changed]);
  });

  test("writes a camera export and its segments together or not at all", async () => {
    const entry = await entryOf("export-1");
    const journal = open();
    journal.add(entry);
    const { record, segments } = firstOf(entry);
    const broken = { ...segments[1], index: "not a number" } as unknown as SegmentRecord;
    const [first] = segments;
    if (first === undefined) throw new Error("The entry has no segment.");
    const together = [
      { ...first, state: { kind: "cancelled" } as const },
      { ...broken, segmentId: "new" },
    ];
    expect(() => journal.saveTogether({ ...record, generation: 2 }, together)).toThrow();
    expect(open().load()).toEqual([entry]);
  });

  test("does not list a dismissed export, and keeps its rows", async () => {
    const entry = await entryOf("export-1");
    const journal = open();
    journal.add(entry);
    journal.saveExport({ ...entry.record, dismissed: true });
    expect(journal.load()).toEqual([]);
    const rows = new Database(path, { readonly: true });
    expect(rows.prepare("SELECT count(*) FROM segments").pluck().get()).toBe(3);
    rows.close();
  });

  test("remembers what dismissed exports have locked until that is freed, also one from before it did", async () => {
    const entry = await entryOf("export-1");
    const journal = open();
    journal.add(entry);
    new Database(path).exec("DROP TABLE owed_locks").close();
    const next = open();
    next.dismiss(entry.record, ["lock-1", "lock-2"]);
    next.dismiss(entry.record, ["lock-2"]);
    next.lockFreed("lock-1");
    expect(open().load()).toEqual([]);
    expect(open().owedLocks()).toEqual(["lock-2"]);
  });

  test("waits for the disk at each write", () => {
    open();
    const facts = new Database(path);
    expect(facts.pragma("journal_mode", { simple: true })).toBe("wal");
    facts.close();
  });
});

describe("a journal that cannot be understood", () => {
  function change(sql: string): void {
    const database = new Database(path);
    database.exec(sql);
    database.close();
  }

  test("because a later program wrote it, is refused and left as it is", async () => {
    open().add(await entryOf("export-1"));
    change("PRAGMA user_version = 2");
    expect(() => open()).toThrow(JournalUnreadable);
    change("PRAGMA user_version = 1");
    expect(open().load()).toHaveLength(1);
  });

  test.each([
    ["an unknown state", `UPDATE segments SET body = json_set(body, '$.state.kind', 'lost')`],
    ["a missing hash", `UPDATE segments SET body = json_remove(body, '$.plannedLengthBytes')`],
    ["a camera export without a state", `UPDATE camera_exports SET body = json_remove(body, '$.state')`],
    ["an export without a request", `UPDATE exports SET body = '{}'`],
    ["a row that is not JSON", `UPDATE exports SET body = 'x'`],
  ])("because of %s, is refused; no row is dropped", async (_words, sql) => {
    const journal = open();
    journal.add(await entryOf("export-1"));
    change(sql);
    expect(() => journal.load()).toThrow(JournalUnreadable);
  });
});

/** Writes one state after another and prints the number of each write once the journal has taken it. */
const WRITER = `
  import { writeSync } from "node:fs";
  import { SqliteJournal } from ${JSON.stringify(new URL("./sqlite-journal.ts", import.meta.url).href)};
  const journal = new SqliteJournal(process.argv[1]);
  const segment = journal.load()[0].cameraExports[0].segments[0];
  for (let number = 1; ; number += 1) {
    journal.saveSegment({ ...segment, plannedLengthBytes: number });
    writeSync(1, number + "\\n");
  }
`;

test("after SIGKILL the journal holds every write that was acknowledged", async () => {
  const journal = open();
  journal.add(await entryOf("export-1"));
  const child = spawn(process.execPath, ["--input-type=module", "--eval", WRITER, path], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  let printed = "";
  child.stdout.setEncoding("utf8");
  for await (const text of child.stdout as AsyncIterable<string>) {
    printed += text;
    if (printed.split("\n").length > 40) child.kill("SIGKILL");
  }
  await exited;
  expect(child.signalCode).toBe("SIGKILL");
  const acknowledged = Number(printed.split("\n").at(-2));
  const kept = open().load()[0]?.cameraExports[0]?.segments[0]?.plannedLengthBytes ?? 0;
  expect(kept).toBeGreaterThanOrEqual(acknowledged);
  expect(kept).toBeLessThanOrEqual(acknowledged + 1);
});

describe("what manifests need", () => {
  test("comes back as it was given", async () => {
    const entry = await entryOf("export-1");
    const journal = open();
    journal.add(entry);
    const { record } = firstOf(entry);
    const manifest = { file: FILE, encryptionData: "{}", resourceId: "r", verified: true };
    journal.saveCameraExport({ ...record, manifest });
    expect(open().load()[0]?.cameraExports[0]?.record.manifest).toEqual(manifest);
    expect(record.cameraArea).toBe("Gate");
  });

  test("keeps the archive's clock, and does not know it in rows from before it was kept", async () => {
    const entry = await entryOf("export-1");
    const journal = open();
    journal.add(entry);
    const [segment] = firstOf(entry).segments;
    if (segment === undefined || segment.recorded === null) throw new Error("The segment was planned.");
    const clock = {
      ...{ driftMs: -3, leastDriftMs: -8, mostDriftMs: 5 },
      ...{ firstArrivalUtcMs: 1, lastArrivalUtcMs: 2 },
    };
    journal.saveSegment({ ...segment, recorded: { ...segment.recorded, clock } });
    const kept = () => open().load()[0]?.cameraExports[0]?.segments[0]?.recorded;
    expect(kept()?.clock).toEqual(clock);
    const older = new Database(path);
    older.exec("UPDATE segments SET body = json_remove(body, '$.recorded.clock')");
    older.close();
    expect(kept()).toEqual({ ...segment.recorded, clock: null });
  });

  test("is unknown in rows from before there were manifests, which go on", async () => {
    open().add(await entryOf("export-1"));
    const older = new Database(path);
    older.exec(`UPDATE segments SET body = json_remove(body, '$.recorded');
      UPDATE camera_exports SET body = json_remove(body, '$.manifest', '$.cameraArea')`);
    older.close();
    const { record, segments } = open().load()[0]?.cameraExports[0] ?? {};
    expect(record).toMatchObject({ manifest: null, cameraArea: null });
    expect(segments?.map(({ recorded }) => recorded)).toEqual([null, null]);
  });
});
