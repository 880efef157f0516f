/** Which statements of SQLite keep the service's own thread, in a million evidences on its busiest day. */
import { startEvidenceService } from "#evidence-service/evidence-service.ts";
import { TestSite } from "#evidence-service/testing/test-site.ts";
import type { PartResult } from "../pipeline/part-result.ts";
import { printTable, round2 } from "../report.ts";
import { CROWDED_CASE, CROWDED_EVIDENCE, seedCrowd } from "./crowded-records.ts";
import { seedRecords } from "./seeded-sqlite.ts";

import { type StatementTime, timeStatements } from "./timed-statements.ts";
import { timeTurns } from "./timed-turns.ts";

const WANTED_MS = 10;
const ROUNDS = 3;
const SHOWN = 12;
const TURNS_SHOWN = 4;
const TEXT_SHOWN = 110;
const MINUTE_MS = 60_000;

const TENANT = "/documents/api/v1/tenant/TENANT";
const LISTS: readonly string[] = [
  ...["/evidence", "/evidence?limit=200", "/evidence?limit=200&continuation=500000"],
  ...["/evidence?text=camera&limit=200", `/evidence/${CROWDED_EVIDENCE}`],
].map((path) => TENANT + path);
const CASES: readonly string[] = [...["", "?limit=200", `/${CROWDED_CASE}`, "?text=incident&limit=200"]].map(
  (path) => `/cases/api/v1/case/TENANT${path}`,
);
const WEB: readonly string[] = [
  ...[
    "/evidence?limit=200",
    "/evidence?unassigned=true&limit=200",
    `/evidence?caseId=${CROWDED_CASE}&limit=200`,
  ],
  ...["/cases?limit=200", `/cases/${CROWDED_CASE}`, `/evidence/${CROWDED_EVIDENCE}`, "/me"],
].map((path) => `/web/api${path}`);

export async function statementsPart(dir: string): Promise<PartResult> {
  process.stderr.write("  a million evidences are made, unless they are there…\n");
  await seedRecords(dir);
  seedCrowd(dir);
  const longest = timeStatements();
  const turns = timeTurns();
  const longestTurns = new Map<string, number>();
  let passedMs = 0;
  const service = await startEvidenceService({ dir, port: 0, logLevel: "error", passedMs: () => passedMs });
  const found = new Map<string, readonly StatementTime[]>();
  const end = (what: string): void => {
    const times = longest();
    found.set(what, times);
    printTimes(what, times);
    const [first = 0, ...others] = turns.longestMs();
    longestTurns.set(what, first);
    const next = others.slice(0, TURNS_SHOWN).map((each) => round2(each));
    console.log(
      `longest turn of the loop, whoever asks within it: ${round2(first)} ms, then ${next.join(", ")}`,
    );
  };
  end("start");
  try {
    const site = TestSite.attach(dir, service.url, service.connectionFile);
    await repeat(async () => ask(site, [...LISTS, ...CASES]));
    end("lists of the API");
    const cookie = await signIn(service.url);
    await repeat(async () => look(service.url, cookie));
    end("web application");
    await repeat(() => send(site));
    end("sending");
    // One look at ten thousand evidences is long enough.
    passedMs += MINUTE_MS;
    await service.purge();
    end("purge");
    await repeat(() => service.forgetAssertions());
    end("used assertions");
    await service.signAuditHead();
    await repeat(async () => void (await fetch(`${service.url}/metrics`)));
    end("upkeep");
  } finally {
    turns.end();
    await service.close();
  }
  return toldOf(found, longestTurns);
}

async function repeat(work: () => Promise<void>): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) await work();
}

async function ask(site: TestSite, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const { status } = await site.call("GET", path);
    if (status !== 200) throw new Error(`${path} answered ${status}.`);
  }
}

async function signIn(url: string): Promise<string> {
  const answer = await fetch(`${url}/web/api/sign-in`, {
    method: "POST",
    headers: { "x-evidence-desk": "1", "content-type": "application/json" },
    body: JSON.stringify({ username: "investigator", password: "investigator" }),
  });
  return answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}

async function look(url: string, cookie: string): Promise<void> {
  for (const path of WEB) {
    const { status } = await fetch(url + path, { headers: { cookie } });
    if (status !== 200) throw new Error(`${path} answered ${status}.`);
  }
}

/** An evidence into the fullest case but one, with a file that is announced. */
async function send(site: TestSite): Promise<void> {
  const { EvidenceId } = await site.createEvidence({ CaseId: "case-2" });
  await site.uploadAddress(EvidenceId);
  await site.createResource(CROWDED_EVIDENCE);
}

function toldOf(
  found: ReadonlyMap<string, readonly StatementTime[]>,
  turns: ReadonlyMap<string, number>,
): PartResult {
  const figures: Record<string, number> = {};
  for (const [what, times] of found) {
    const [first] = times;
    const name = what.replaceAll(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
    figures[`${name}LongestMs`] = round2(first?.longestMs ?? 0);
    figures[`${name}LongestTurnMs`] = round2(turns.get(what) ?? 0);
  }
  // The start answers nobody.
  const asked = Object.entries(figures).filter(([name]) => !name.startsWith("start"));
  const longestMs = Math.max(...asked.flatMap(([name, ms]) => (name.endsWith("TurnMs") ? [] : [ms])));
  return {
    ...{ figures: { ...figures, longestMs }, ratios: {}, wanted: { longestMs: WANTED_MS } },
    met: longestMs <= WANTED_MS,
  };
}

function printTimes(what: string, times: readonly StatementTime[]): void {
  const rows = times.slice(0, SHOWN).map(({ text, runs, longestMs }) => {
    return [text.replaceAll(/\s+/g, " ").slice(0, TEXT_SHOWN), String(runs), String(round2(longestMs))];
  });
  printTable([what, "runs", "longest ms"], rows);
}
