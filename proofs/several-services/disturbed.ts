/** Three services, what they stand on, those who use them, and everything that goes wrong meanwhile. */
import { auditReport } from "#evidence-service/audit/audit-report.ts";
import type { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { giveRole } from "#evidence-service/testing/test-site.ts";
import type { ObjectStore } from "../conformance/object-store.ts";
import { Consoles } from "./consoles.ts";
import { Disturbances } from "./disturbances.ts";
import { People } from "./people.ts";
import { SeveralServices } from "./several-services.ts";

const SERVICES = 3;
const AFTERWARDS_MS = 300_000;

export interface Scene {
  readonly cluster: PostgresCluster;
  readonly store: ObjectStore;
  /** In which each service makes its own. */
  readonly folder: string;
  readonly seconds: number;
  readonly consoles: number;
  readonly people: number;
}

export interface Found {
  readonly told: readonly string[];
  readonly kills: number;
  /** How many evidences a console was told are taken. */
  readonly sent: number;
  /** Sends that were given up, evidence that is not available in the end, answers that nobody documents. */
  readonly faults: readonly string[];
  readonly verified: number;
  readonly differing: number;
  readonly isTrailWhole: boolean;
  /** How often people were told to come again. */
  readonly refused: number;
  readonly answeredMs: readonly number[];
}

export async function disturbed(scene: Scene): Promise<Found> {
  const { cluster, store, folder, seconds } = scene;
  const metadata = { url: cluster.url, schema: "disturbed" };
  const s3 = await store.makeBucket("disturbed");
  const all = await SeveralServices.start(SERVICES, folder, { metadata, s3 });
  try {
    await giveRole(all.first.dir, "integration");
    const { connectionFile } = all.first;
    const consoles = await Consoles.start(scene.consoles, { url: all.front.url, connectionFile });
    const people = await People.signIn(scene.people, all.front.url);
    const disturbances = new Disturbances({ all, cluster, store, seconds });
    const until = performance.now() + seconds * 1_000;
    await Promise.all([consoles.sendUntil(until), people.lookUntil(until), disturbances.run()]);
    const left = await consoles.notAvailable(AFTERWARDS_MS);
    const run = await people.verifyEverything(AFTERWARDS_MS);
    await consoles.stop();
    const { isWhole } = await auditReport(all.first.dir);
    return {
      ...{ told: disturbances.told, kills: disturbances.kills, sent: consoles.sent.length },
      faults: [...consoles.failures, ...left.map((id) => `${id} is not available.`), ...people.wrong],
      ...{ verified: run.checked, differing: run.differing, isTrailWhole: isWhole },
      ...{ refused: people.refused, answeredMs: people.answeredMs },
    };
  } finally {
    await all.stop();
  }
}
