/**
 * How long Put Block takes at rest, and while others storm the service: in rounds, each of which measures rest and every
 * storm, so that a machine that gets slower meanwhile does so for all of them.
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BlockBlobClient } from "@azure/storage-blob";
import { encryptGcm } from "#evidence-service/testing/encrypt.ts";
import { cutFootage, makeFootage } from "#evidence-service/testing/test-footage.ts";
import type { TestSite } from "#evidence-service/testing/test-site.ts";
import { startProcess } from "../pipeline/measured-process.ts";
import type { PartResult } from "../pipeline/part-result.ts";
import { percentile, printTable, round2 } from "../report.ts";
import type { Load } from "./storm.ts";
import { startService } from "./started-service.ts";

const BLOCK_BYTES = 1 << 20;
const UPLOADERS = 4;
const ROUNDS = 4;
/** Long enough for a few of the longest lists. */
const MEASURED_MS = 4_000;
/** Until a storm is what it stays. */
const WARM_UP_MS = 700;
/** The same ids again and again, as no disk has room for more. */
const IDS = 400;
const WANTED_RATIO = 3;

/** Milliseconds of each block by what was beside it. */
type Round = Readonly<Record<string, readonly number[]>>;

/** @param nodeOptions of the service beside its own, as for a profile */
export async function loadPart(
  dir: string,
  storm: string,
  nodeOptions: readonly string[] = [],
): Promise<PartResult> {
  const service = await startService(dir, nodeOptions);
  try {
    const { site, url } = service;
    const { EvidenceId } = await site.createEvidence();
    const [own, listed] = [await site.uploadAddress(EvidenceId), await site.uploadAddress(EvidenceId)];
    const evidence = await availableEvidence(site);
    const token = await site.token();
    const tenant = (await site.connection()).TenantId;
    const hls = `${url}/documents/api/v1/tenant/${tenant}/evidence/${evidence}/hls`;
    const loads: Readonly<Record<string, Load[]>> = {
      signIns: [{ kind: "sign-ins", url, clients: 24 }],
      blockLists: [{ kind: "block-lists", url: listed.Uri, entries: 50_000 }],
      viewers: [{ kind: "viewers", url: hls, token, clients: 64 }],
    };
    const together = Object.values(loads).flat();
    const rounds: Round[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const took: Record<string, number[]> = { rest: await putBlocks(own.Uri) };
      for (const [name, storms] of Object.entries({ ...loads, together })) {
        took[name] = await besideStorm(storm, storms, () => putBlocks(own.Uri));
      }
      rounds.push(took);
    }
    return report(rounds);
  } finally {
    await service.stop();
  }
}

async function besideStorm(
  program: string,
  storms: readonly Load[],
  measure: () => Promise<number[]>,
): Promise<number[]> {
  const running = await startProcess("storm", program, [JSON.stringify(storms)]);
  const took = await measure();
  if (running.child.exitCode !== null) throw new Error("The storm ended before it was over.");
  await running.stop();
  return took;
}

function report(rounds: readonly Round[]): PartResult {
  const names = Object.keys(rounds[0] ?? {});
  const all = (name: string): number[] => rounds.flatMap((round) => round[name] ?? []);
  const figures = Object.fromEntries(
    names.flatMap((name) => [
      [`${name}P50Ms`, round2(percentile(all(name), 50))],
      [`${name}P99Ms`, round2(percentile(all(name), 99))],
    ]),
  );
  const p99 = (took: readonly number[] | undefined): number => percentile(took ?? [], 99);
  const ratio = round2(p99(all("together")) / p99(all("rest")));
  const ofRounds = rounds.map(({ rest, together }) => round2(p99(together) / p99(rest)));
  const cells = (value: (name: string) => number) => names.map((name) => String(round2(value(name))));
  printTable(
    ["Put Block of 1 MiB, ms", ...names],
    [
      ["p50", ...cells((name) => percentile(all(name), 50))],
      ["p99", ...cells((name) => p99(all(name)))],
      ...rounds.map((took, round) => [`p99 of round ${round + 1}`, ...cells((name) => p99(took[name]))]),
      ["blocks", ...cells((name) => all(name).length)],
    ],
  );
  console.log(`together to rest, round by round: ${ofRounds.join(", ")}`);
  return {
    ...{ figures, ratios: { putBlockP99ToRest: ratio }, wanted: { putBlockP99ToRest: WANTED_RATIO } },
    met: ratio <= WANTED_RATIO,
  };
}

/** @returns what each took that began after a short while */
async function putBlocks(address: string): Promise<number[]> {
  const body = randomBytes(BLOCK_BYTES);
  const tookMs: number[] = [];
  const countsFromMs = performance.now() + WARM_UP_MS;
  let next = 0;
  const upload = async (): Promise<void> => {
    while (performance.now() < countsFromMs + MEASURED_MS) {
      const blockId = Buffer.from(String(next % IDS).padStart(8, "0")).toString("base64");
      next += 1;
      const begunMs = performance.now();
      const put = `${address}&comp=block&blockid=${encodeURIComponent(blockId)}`;
      const answer = await fetch(put, { method: "PUT", body });
      await answer.arrayBuffer();
      if (answer.status !== 201) throw new Error(`Put Block answered ${answer.status}.`);
      if (begunMs >= countsFromMs) tookMs.push(performance.now() - begunMs);
    }
  };
  await Promise.all(Array.from({ length: UPLOADERS }, upload));
  return tookMs;
}

async function availableEvidence(site: TestSite): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "bench-service-"));
  try {
    const { EvidenceId } = await site.createEvidence();
    const { Uri, ResourceId } = await site.uploadAddress(EvidenceId, {
      EndTimeUtc: "2026-11-23T10:00:12.000Z",
    });
    const plain = await cutFootage(await makeFootage(folder, 0), 0, 12);
    const file = encryptGcm(plain, await site.publicKey(), 65_536);
    await new BlockBlobClient(Uri).uploadData(file.bytes, { metadata: file.metadata });
    await site.completeResource(EvidenceId, ResourceId);
    await site.completeEvidence(EvidenceId, { [ResourceId]: file.sha512 });
    while ((await site.readEvidence(EvidenceId)).LifecycleState === "Processing")
      await new Promise((resolve) => setTimeout(resolve, 50));
    return EvidenceId;
  } finally {
    await rm(folder, { recursive: true });
  }
}
