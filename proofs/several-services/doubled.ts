/** What is there twice after services were killed, and what was sent once: evidence, files, entries of the audit trail. */
import { rowsOf } from "#evidence-service/testing/rows.ts";
import type { Acknowledged } from "./consoles.ts";

interface EvidenceRow {
  readonly evidenceId: string;
}

interface FileRow {
  readonly resourceId: string;
  readonly evidenceId: string;
  readonly state: string;
  readonly checksumHex: string | null;
}

export interface Given {
  /** Of one of the services. */
  readonly dir: string;
  /** Every evidence that consoles were told is made, and was not there before. */
  readonly created: readonly string[];
  readonly acknowledged: readonly Acknowledged[];
  /** Evidence that was there before anybody sent. */
  readonly before: readonly string[];
}

export async function evidenceIds(dir: string): Promise<string[]> {
  const rows = await rowsOf<EvidenceRow>(dir, "SELECT evidenceId FROM evidence");
  return rows.map(({ evidenceId }) => evidenceId);
}

/** @returns a sentence for everything that is not there exactly once */
export async function notOnce(given: Given): Promise<readonly string[]> {
  return [
    ...(await evidenceNotOnce(given)),
    ...(await filesNotOnce(given)),
    ...(await entriesNotOnce(given)),
  ];
}

/** A console asks for an evidence again and again until it is answered: all of that makes one. */
async function evidenceNotOnce({ dir, created, before, acknowledged }: Given): Promise<readonly string[]> {
  const known = new Set([...before, ...created]);
  const there = await evidenceIds(dir);
  const ids = acknowledged.map(({ evidenceId }) => evidenceId);
  return [
    ...there
      .filter((id) => !known.has(id))
      .map((id) => `The evidence ${id} is there, and no console has it.`),
    ...missing(there, created).map((id) => `The evidence ${id} is gone.`),
    ...repeated(ids).map((id) => `The evidence ${id} was given to two consoles.`),
  ];
}

async function filesNotOnce({ dir, acknowledged }: Given): Promise<readonly string[]> {
  const rows = await rowsOf<FileRow>(dir, "SELECT resourceId, evidenceId, state, checksumHex FROM resource");
  const of = Map.groupBy(rows, ({ evidenceId }) => evidenceId);
  const wrong = acknowledged.flatMap(({ evidenceId, resourceId }) => {
    const files = of.get(evidenceId) ?? [];
    const sent = files.filter(({ state }) => state !== "Derived");
    const isOnce = sent.length === 1 && sent[0]?.resourceId === resourceId && files.length === 2;
    return isOnce
      ? []
      : [`The evidence ${evidenceId} has ${sent.length} files, and ${files.length} with its video.`];
  });
  const sums = rows.flatMap(({ checksumHex }) => (checksumHex === null ? [] : [checksumHex]));
  return [...wrong, ...repeated(sums).map((sum) => `Two files have the same bytes, of the checksum ${sum}.`)];
}

const OF_EVIDENCE = ["EVIDENCE_CREATED", "EVIDENCE_COMPLETED", "EVIDENCE_CONSOLIDATED"] as const;
const OF_FILE = ["RESOURCE_CREATED", "RESOURCE_COMPLETED"] as const;

async function entriesNotOnce({ dir, acknowledged }: Given): Promise<readonly string[]> {
  const rows = await rowsOf<{ readonly entryJson: string }>(dir, "SELECT entryJson FROM audit");
  const times = new Map<string, number>();
  for (const { entryJson } of rows) {
    const { action, subject } = JSON.parse(entryJson) as { action: string; subject: string };
    const entry = `${action} of ${subject}`;
    times.set(entry, (times.get(entry) ?? 0) + 1);
  }
  const wanted = acknowledged.flatMap(({ evidenceId, resourceId }) => [
    ...OF_EVIDENCE.map((action) => `${action} of ${evidenceId}`),
    ...OF_FILE.map((action) => `${action} of ${resourceId}`),
  ]);
  return wanted.flatMap((entry) => {
    const found = times.get(entry) ?? 0;
    return found === 1 ? [] : [`The audit trail has ${found} times ${entry}.`];
  });
}

function repeated(values: readonly string[]): string[] {
  const seen = new Set<string>();
  return values.filter((value) => seen.size === seen.add(value).size);
}

function missing(values: readonly string[], wanted: readonly string[]): string[] {
  const there = new Set(values);
  return wanted.filter((value) => !there.has(value));
}
