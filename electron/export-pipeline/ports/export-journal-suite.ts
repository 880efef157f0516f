/** What every journal is held to. */
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ExportJournal, JournalEntry } from "./export-journal.ts";
import { JournalRefused } from "./journal-refused.ts";

export interface JournalUnderTest {
  readonly journal: ExportJournal;
  /** The same journal as the next start of the program finds it. */
  readonly next: () => ExportJournal;
  /** Does this while nothing can be written; null where that cannot be brought about. */
  readonly whileFull: ((work: () => void) => void) | null;
  readonly close: () => void;
}

const RANGE = { startUtcMs: Date.UTC(2026, 0, 1, 10), endUtcMs: Date.UTC(2026, 0, 1, 11) };
const FILE = {
  ...{ plaintextLengthBytes: 1, plaintextSha256: "aa", ciphertextLengthBytes: 29, ciphertextSha512: "bb" },
};

function entryOf(exportId: string, createdUtcMs = RANGE.endUtcMs): JournalEntry {
  const request = { cameraId: "gate", cameraName: "Gate", name: "", description: "", range: RANGE };
  const cameraExports = [0, 1].map((index) => {
    const cameraExportId = `${exportId}-${index}`;
    const ofExport = { cameraExportId, exportId, index, generation: 1, cameraArea: "Yard", manifest: null };
    return {
      record: { ...ofExport, state: { kind: "queued" } as const },
      segments: [0, 1].map((at) => ({
        ...{ segmentId: `${cameraExportId}-${at}`, cameraExportId, index: at, range: RANGE },
        ...{ encryptionData: null, plannedLengthBytes: 7, recorded: null },
        state: { kind: "queued" } as const,
      })),
    };
  });
  return {
    record: {
      ...{ exportId, createdUtcMs, createdBy: "olga", account: null, caseId: null, dismissed: false },
      request: {
        requestId: exportId,
        cameraExports: [request, request],
        caseAssociation: { kind: "none" },
      },
    },
    cameraExports,
  };
}

function firstOf(entry: JournalEntry) {
  const [first] = entry.cameraExports;
  const [segment, other] = first?.segments ?? [];
  if (first === undefined || segment === undefined || other === undefined) throw new Error("It has parts.");
  return { record: first.record, segment, other };
}

export function describeJournal(name: string, open: () => JournalUnderTest): void {
  describe(`${name}, as every journal,`, () => {
    let tested: JournalUnderTest;
    let journal: ExportJournal;
    beforeEach(() => {
      tested = open();
      ({ journal } = tested);
    });
    afterEach(() => tested.close());

    test("begins empty, and owes nothing", () => {
      expect([journal.load(), journal.owedLocks()]).toEqual([[], []]);
    });

    test("gives back what it was given, to this start and to the next one", () => {
      const entry = entryOf("a");
      journal.add(entry);
      expect([journal.load(), tested.next().load()]).toEqual([[entry], [entry]]);
    });

    test("tells exports in order of their creation; of the same instant, in the order in which they came", () => {
      for (const [id, createdUtcMs] of [
        ["late", 3] as const,
        ["early", 1] as const,
        ["also-late", 3] as const,
      ]) {
        journal.add(entryOf(id, createdUtcMs));
      }
      const ids = tested.next().load();
      expect(ids.map(({ record }) => record.exportId)).toEqual(["early", "late", "also-late"]);
    });

    test("puts a record in the place of the one with its id, however often", () => {
      const entry = entryOf("a");
      const { record, segment } = firstOf(entry);
      journal.add(entry);
      const manifest = { file: FILE, encryptionData: "{}", resourceId: "r", uploaded: true, verified: false };
      const state = { kind: "uploaded", file: FILE, resourceId: "r" } as const;
      for (const times of [1, 2]) {
        journal.saveExport({ ...entry.record, caseId: `case-${times}` });
        journal.saveCameraExport({ ...record, manifest });
        journal.saveSegment({ ...segment, state, shownBytes: times });
      }
      const [kept, ...others] = tested.next().load();
      expect(others).toEqual([]);
      expect(kept?.record.caseId).toBe("case-2");
      expect(kept?.cameraExports[0]?.record.manifest).toEqual(manifest);
      expect(kept?.cameraExports[0]?.segments[0]).toEqual({ ...segment, state, shownBytes: 2 });
      expect(kept?.cameraExports[1]).toEqual(entry.cameraExports[1]);
    });

    test("keeps its hands off what the caller does with a record", () => {
      const entry = entryOf("a");
      journal.add(entry);
      const [loaded] = journal.load();
      Object.assign(loaded?.record ?? {}, { createdBy: "nobody" });
      expect(journal.load()[0]?.record.createdBy).toBe("olga");
    });

    test("takes a dismissed export off the list, and owes its locks until each is freed", () => {
      const entry = entryOf("a");
      journal.add(entry);
      journal.add(entryOf("b"));
      journal.dismiss(entry.record, ["lock-1", "lock-2"]);
      journal.dismiss(entry.record, ["lock-2"]);
      const next = tested.next();
      expect(next.load().map(({ record }) => record.exportId)).toEqual(["b"]);
      expect(next.owedLocks()).toEqual(["lock-1", "lock-2"]);
      next.lockFreed("lock-1");
      next.lockFreed("lock-1");
      next.lockFreed("never owed");
      expect(tested.next().owedLocks()).toEqual(["lock-2"]);
    });

    test("gives dismissed exports back whole, and lets them onto the list again", () => {
      const entry = entryOf("a");
      journal.add(entry);
      journal.add(entryOf("b"));
      expect([...journal.dismissed()]).toEqual([]);
      journal.dismiss(entry.record, []);
      const dismissed = { ...entry, record: { ...entry.record, dismissed: true } };
      expect([...tested.next().dismissed()]).toEqual([dismissed]);
      journal.saveExport(entry.record);
      expect([[...tested.next().dismissed()], tested.next().load()[0]]).toEqual([[], entry]);
    });

    test("tells the accounts of all exports, also of those that are off the list", () => {
      const account = { accountId: "a", name: "Police", webAddress: null };
      const named = (id: string): JournalEntry => {
        const entry = entryOf(id);
        return { ...entry, record: { ...entry.record, account } };
      };
      expect(journal.accounts()).toEqual([]);
      for (const entry of [entryOf("none"), named("one"), named("two")]) journal.add(entry);
      journal.dismiss(named("one").record, []);
      journal.dismiss(named("two").record, []);
      expect(tested.next().accounts()).toEqual([null, account]);
    });

    test("knows the latest restoration that was dealt with, of each account", () => {
      expect(journal.restorationOf("account")).toBeNull();
      journal.saveRestoration("account", "first");
      journal.saveRestoration("account", "second");
      journal.saveRestoration("", "of another");
      const next = tested.next();
      expect(["account", "", "third"].map((id) => next.restorationOf(id))).toEqual([
        "second",
        "of another",
        null,
      ]);
    });

    test("refuses what it cannot write, and is as it was before", ({ skip }) => {
      if (tested.whileFull === null) skip("Nothing here can make its disk full.");
      const entry = entryOf("a");
      const { record, segment, other } = firstOf(entry);
      journal.add(entry);
      journal.dismiss(entryOf("b").record, ["owed"]);
      const changed = [segment, other].map((one) => ({ ...one, state: { kind: "cancelled" } as const }));
      const writes = [
        () => journal.add(entryOf("c")),
        () => journal.saveExport({ ...entry.record, caseId: "case" }),
        () => journal.saveCameraExport({ ...record, generation: 2 }),
        () => journal.saveSegment({ ...segment, shownBytes: 1 }),
        () => journal.saveTogether({ ...record, generation: 2 }, changed),
        () => journal.dismiss(entry.record, ["lock"]),
        () => journal.lockFreed("owed"),
        () => journal.saveRestoration("account", "first"),
      ];
      tested.whileFull?.(() => {
        for (const write of writes) expect(write).toThrow(JournalRefused);
      });
      expect([journal.load(), journal.owedLocks()]).toEqual([[entry], ["owed"]]);
      journal.saveTogether({ ...record, generation: 2 }, changed);
      const [kept] = tested.next().load()[0]?.cameraExports ?? [];
      expect(kept).toMatchObject({ record: { generation: 2 }, segments: changed });
    });
  });
}
