/**
 * Run by the journal's test in a process of its own, to be killed: writes one segment state after another
 * and prints the number of each write once the journal has taken it.
 */
import { SqliteJournal } from "./sqlite-journal.ts";

const journal = new SqliteJournal(process.argv[2] ?? "");
const [entry] = journal.load();
const segment = entry?.cameraExports[0]?.segments[0];
if (segment === undefined) throw new Error("The journal holds no segment.");
for (let number = 1; ; number += 1) {
  journal.saveSegment({ ...segment, plannedLengthBytes: number });
  process.stdout.write(`${number}\n`);
}
