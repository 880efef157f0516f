/** Three services, what they stand on, those who use them, and everything that goes wrong meanwhile. */
import { auditReport } from "#evidence-service/audit/audit-report.ts";
import type { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { giveRole } from "#evidence-service/testing/test-site.ts";
import type { ObjectStore } from "../conformance/object-store.ts";
import { hasNginx } from "../deploy/files/nginx.ts";
import { Consoles } from "./consoles.ts";
import { Disturbances } from "./disturbances.ts";
import { evidenceIds, notOnce } from "./doubled.ts";
import type { Front } from "./front.ts";
import { Nginx } from "./nginx.ts";
import { People } from "./people.ts";
import { RoundRobin } from "./round-robin.ts";
import { SeveralServices } from "./several-services.ts";

const SERVICES = 3;
/** How long what is waited for afterwards may come no further. */
const STANDS_STILL_MS = 300_000;
const SAY_EVERY_MS = 15_000;

export interface Scene {
  readonly cluster: PostgresCluster;
  readonly store: ObjectStore;
  /** In which each service makes its own. */
  readonly folder: string;
  readonly seconds: number;
  readonly consoles: number;
  readonly people: number;
  /** Is told how far it is, and what is waited for. */
  readonly say?: (line: string) => void;
}

export interface Found {
  /** What stood in front. */
  readonly front: string;
  readonly told: readonly string[];
  readonly kills: number;
  /** How many evidences a console was told are taken. */
  readonly sent: number;
  /** Sends that were given up, evidence that is not available in the end, answers that nobody documents. */
  readonly faults: readonly string[];
  /** Evidence, files and entries of the trail that are not there exactly once. */
  readonly doubled: readonly string[];
  readonly verified: number;
  readonly differing: number;
  readonly isTrailWhole: boolean;
  /** How often people were told to come again. */
  readonly refused: number;
  readonly answeredMs: readonly number[];
}

export async function disturbed(scene: Scene): Promise<Found> {
  const { cluster, store, folder } = scene;
  const ground = {
    metadata: { url: cluster.url, schema: "disturbed" },
    s3: await store.makeBucket("disturbed"),
  };
  const front: Front = (await hasNginx()) ? await Nginx.prepare(folder) : await RoundRobin.start();
  const all = await SeveralServices.startBehind(front, { count: SERVICES, folder, ground });
  try {
    return await usedAndDisturbed(scene, all);
  } finally {
    await all.stop();
  }
}

async function usedAndDisturbed(scene: Scene, all: SeveralServices<Front>): Promise<Found> {
  const { cluster, store, seconds, say = () => undefined } = scene;
  const { dir, connectionFile } = all.first;
  await giveRole(dir, "integration");
  const before = await evidenceIds(dir);
  const consoles = await Consoles.start(scene.consoles, { url: all.front.url, connectionFile });
  const people = await People.signIn(scene.people, all.front.url);
  const disturbances = new Disturbances({ all, cluster, store, seconds, say });
  const until = performance.now() + seconds * 1_000;
  const progress = setInterval(() => say(progressOf(until, consoles, people)), SAY_EVERY_MS);
  try {
    await Promise.all([consoles.sendUntil(until), people.lookUntil(until), disturbances.run()]);
  } finally {
    clearInterval(progress);
  }
  const left = await consoles.notAvailable({ standsStillMs: STANDS_STILL_MS, say });
  const run = await people.verifyEverything(STANDS_STILL_MS, say);
  await consoles.stop();
  say("the audit trail is verified, and what is doubled is looked for");
  const { isWhole } = await auditReport(dir);
  const doubled = await notOnce({ dir, before, created: consoles.created, acknowledged: consoles.sent });
  return {
    ...{ front: all.front.name, told: disturbances.told, kills: disturbances.kills },
    ...{ sent: consoles.sent.length, doubled, faults: [...consoles.failures, ...left, ...people.wrong] },
    ...{ verified: run.checked, differing: run.differing, isTrailWhole: isWhole },
    ...{ refused: people.refused, answeredMs: people.answeredMs },
  };
}

function progressOf(untilMs: number, consoles: Consoles, people: People): string {
  const leftS = Math.round((untilMs - performance.now()) / 1_000);
  const when =
    leftS > 0 ? `${leftS} s to go` : `waiting for ${consoles.sending} consoles to end what they began`;
  const answers = `people had ${people.answeredMs.length} answers and were refused ${people.refused} times`;
  const faults = consoles.failures.length + people.wrong.length;
  return `${when}: ${consoles.sent.length} evidences sent, ${answers}, ${faults} faults`;
}
