import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { openJournal, openSettings } from "#electron/sending-parts/console-folder.ts";
import { noKeyring } from "#proofs/console-parts/no-keyring.ts";
import { takesAll } from "./kill-points.ts";
import { LoopDisk, missingForLoopDisk } from "./loop-disk.ts";

const WRITER = fileURLToPath(new URL("./power-cut-writer.test-process.ts", import.meta.url));
const ROUNDS = takesAll ? 20 : 3;
/** Every round is cut later than the one before: after the first commit, in the midst of many. */
const ACKNOWLEDGED_MORE_PER_ROUND = 5;
const LONGEST_PAUSE_MS = 20;

const folder = mkdtempSync(join(tmpdir(), "evidence-desk-power-"));
const missing = await missingForLoopDisk(folder);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Acknowledged {
  keyId: string;
  journal: number;
  readonly spooled: Map<string, string>;
}

/** Writes until so much is acknowledged and a moment longer, is stopped, and answers what was acknowledged by then. */
async function writeUntil(disk: LoopDisk, acknowledged: number, thenMs: number): Promise<Acknowledged> {
  const child = spawn(process.execPath, [WRITER, disk.folder], { stdio: ["ignore", "pipe", "inherit"] });
  const told: Acknowledged = { keyId: "", journal: 0, spooled: new Map() };
  const lines = createInterface(child.stdout);
  const ended = once(lines, "close");
  lines.on("line", (line) => note(told, line));
  while (told.journal + told.spooled.size < acknowledged) await once(lines, "line");
  await sleep(thenMs);
  child.kill("SIGKILL");
  await ended;
  return told;
}

function note(told: Acknowledged, line: string): void {
  const { keyId, journal, spooled, sha512 } = JSON.parse(line) as {
    keyId?: string;
    journal?: number;
    spooled?: string;
    sha512?: string;
  };
  if (keyId !== undefined) told.keyId = keyId;
  if (journal !== undefined) told.journal = journal;
  if (spooled !== undefined) told.spooled.set(spooled, sha512 ?? "");
}

async function lostByPowerCut(disk: LoopDisk, told: Acknowledged): Promise<string[]> {
  const cut = await disk.afterPowerCut();
  try {
    return lostOn(cut, told);
  } finally {
    await cut.unmount();
  }
}

/** What of it is not on a disk. */
function lostOn(disk: LoopDisk, told: Acknowledged): string[] {
  const lost: string[] = [];
  const journal = openJournal(disk.folder);
  const committed = journal.load()[0]?.cameraExports[0]?.segments[0]?.plannedLengthBytes ?? 0;
  journal.close();
  if (committed < told.journal) lost.push(`journal: ${committed} of ${told.journal}`);
  for (const [name, sha512] of told.spooled) {
    const found = createHash("sha512")
      .update(readFileSync(join(disk.folder, "spool", name)))
      .digest("hex");
    if (found !== sha512) lost.push(`spool: ${name}`);
  }
  const { settings, deviceKey } = openSettings(disk.folder, noKeyring);
  const { keyId } = deviceKey.key();
  settings.close();
  if (keyId !== told.keyId) lost.push("device key");
  return lost;
}

test.skipIf(missing !== null)(
  `${ROUNDS} power cuts lose nothing that journal, spool and settings have acknowledged${missing === null ? "" : ` (skipped: ${missing})`}`,
  async () => {
    const lost: string[] = [];
    let commits = 0;
    let files = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const disk = await LoopDisk.make(folder);
      try {
        const acknowledged = 1 + round * ACKNOWLEDGED_MORE_PER_ROUND;
        const told = await writeUntil(disk, acknowledged, (round * 7) % LONGEST_PAUSE_MS);
        lost.push(...(await lostByPowerCut(disk, told)).map((what) => `round ${round + 1}: ${what}`));
        commits += told.journal;
        files += told.spooled.size;
      } finally {
        await disk.unmount();
      }
    }
    console.log(
      `power cuts: ${ROUNDS} rounds, ${commits} commits, ${files} spool files, ${lost.length} lost`,
    );
    expect(lost).toEqual([]);
  },
  takesAll ? 300_000 : 120_000,
);
