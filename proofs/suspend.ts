/**
 * npm run proofs -- suspend [MINUTES] [slept|stopped|moved] [STAGE WORDS…]: stops all processes while exports stand at every stage, and says
 * after how many seconds each goes on. Without minutes everything stands still for a few seconds that count as fifteen
 * minutes on the clocks of console and service; with 15 it really is a quarter of an hour. All three ways of it are played
 * unless one is named.
 */
import { STAGES } from "./suspend/stages.ts";
import { type Interruption, runSuspendMatrix, type SuspendRow } from "./suspend/suspend-matrix.ts";

const WANTED_S = 10;
const BRIEF_STOP_MS = 10_000;
/** Consoles at the same time: each is a process of 100 MB. */
const AT_ONCE = 9;
const ALL_HOWS: readonly Interruption[] = ["slept", "stopped", "moved"];

const told = process.argv.slice(2);
const minutes = /^\d+$/.test(told[0] ?? "") ? Number(told.shift()) : null;
const named = ALL_HOWS.find((how) => how === told[0]);
const HOWS = named === undefined ? ALL_HOWS : [named];
const words = told.slice(HOWS.length === 1 ? 1 : 0).join(" ");
const stages = STAGES.filter(({ name }) => name.includes(words));
/** What really lasts a quarter of an hour is done with all stages in one go. */
const atOnce = minutes === null ? AT_ONCE : stages.length;

const rows: SuspendRow[] = [];
for (const how of HOWS) {
  const played = how === "moved" ? stages.filter(({ waitsForTime }) => waitsForTime !== true) : stages;
  // Only a stop takes time.
  const leaps = minutes === null && how !== "moved";
  for (let at = 0; at < played.length; at += atOnce) {
    const stopMs = minutes === null ? BRIEF_STOP_MS : minutes * 60_000;
    const some = played.slice(at, at + atOnce);
    for (const row of await runSuspendMatrix({ stages: some, how, stopMs, leaps })) {
      rows.push(row);
      console.error(`${row.how}, ${row.stage}: ${secondsOf(row)}`);
    }
  }
}

const isMet = ({ wentOnAfterS, faults }: SuspendRow) =>
  wentOnAfterS !== null && wentOnAfterS <= WANTED_S && faults.length === 0;
const NAME_WIDTH = Math.max(...stages.map(({ name }) => name.length));
const line = (name: string, cells: readonly string[]) =>
  console.log([name.padEnd(NAME_WIDTH), ...cells.map((text) => text.padStart(9))].join("  "));
line("stage", HOWS);
for (const { name } of stages) {
  line(
    name,
    HOWS.map((how) => cell(rows.find((row) => isOf(row, name, how)))),
  );
}
for (const { stage, how, faults } of rows)
  for (const fault of faults) console.log(`${how}, ${stage}: ${fault}`);
const met = rows.filter(isMet).length;
console.log(`${met} of ${rows.length} go on within ${WANTED_S} s of the resume and are sent once and whole.`);
process.exitCode = met === rows.length ? 0 : 1;

function isOf(row: SuspendRow, stage: string, how: Interruption): boolean {
  return row.stage === stage && row.how === how;
}

function cell(row: SuspendRow | undefined): string {
  return row === undefined ? "-" : `${secondsOf(row)}${row.faults.length === 0 ? "" : " !"}`;
}

function secondsOf({ wentOnAfterS }: SuspendRow): string {
  return wentOnAfterS === null ? "never" : `${wentOnAfterS.toFixed(1)} s`;
}
