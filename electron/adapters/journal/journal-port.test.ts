import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeJournal } from "../../export-pipeline/ports/export-journal-suite.ts";
import { SqliteJournal } from "./sqlite-journal.ts";

/** Of util-linux; only Linux has it. */
const PRLIMIT = "prlimit";
const canLimit = spawnSync(PRLIMIT, ["--version"]).status === 0;

/** No file of this process may be longer. */
function limitFiles(bytes: 1 | "unlimited"): void {
  const { status } = spawnSync(PRLIMIT, [`--fsize=${bytes}:unlimited`, "--pid", String(process.pid)]);
  if (status !== 0) throw new Error("prlimit did not do it.");
}

function whileFull(work: () => void): void {
  limitFiles(1);
  try {
    work();
  } finally {
    limitFiles("unlimited");
  }
}

describeJournal("the journal in SQLite", () => {
  const folder = mkdtempSync(join(tmpdir(), "journal-"));
  const opened: SqliteJournal[] = [];
  const open = () => {
    const journal = new SqliteJournal(join(folder, "journal.sqlite"));
    opened.push(journal);
    return journal;
  };
  return {
    journal: open(),
    next: open,
    whileFull: canLimit ? whileFull : null,
    close: () => {
      for (const journal of opened) journal.close();
      rmSync(folder, { recursive: true });
    },
  };
});
