/** Services of an earlier program and of this one, side by side. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { auditReport } from "#evidence-service/audit/audit-report.ts";
import { keepMetadataIn } from "#evidence-service/testing/engine-of-tests.ts";
import { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import type { S3Settings } from "#evidence-service/blobs/s3/s3-settings.ts";
import { ObjectStore } from "../conformance/object-store.ts";
import { ServiceProcess } from "../crash-matrix/service-process.ts";
import { Consoles } from "./consoles.ts";
import { type EarlierProgram, earlierProgram } from "./earlier-program.ts";
import { People } from "./people.ts";
import { RoundRobin } from "./round-robin.ts";
import { copySettings } from "./several-services.ts";

const CONSOLES = 4;
const EACH_MS = 8_000;
const AFTERWARDS_MS = 300_000;

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Scene {
  readonly earlier: EarlierProgram;
  readonly cluster: PostgresCluster;
  readonly folder: string;
  readonly s3: S3Settings;
}

/** Folders of two services, made by the earlier program. */
async function made(
  { earlier, cluster, folder, s3 }: Scene,
  url: string,
): Promise<readonly [string, string]> {
  const folders = [join(folder, "one"), join(folder, "two")] as const;
  await keepMetadataIn(folders[0], { url: cluster.url, schema: "upgrade", instances: "several" });
  await writeFile(join(folders[0], "s3-blobs.json"), JSON.stringify(s3), { mode: 0o600 });
  await writeFile(join(folders[0], "settings.json"), JSON.stringify({ publicUrl: url }));
  await promisify(execFile)(process.execPath, [earlier.maker, "--dir", folders[0]]);
  await copySettings(folders[0], folders[1]);
  return folders;
}

/** @returns what is wrong in the end */
async function prove(scene: Scene): Promise<readonly string[]> {
  const front = await RoundRobin.start();
  const [one, two] = await made(scene, front.url);
  const old = await Promise.all(
    [one, two].map((dir) => ServiceProcess.startMade(dir, [scene.earlier.service])),
  );
  const [oldOne, oldTwo] = old;
  if (oldOne === undefined || oldTwo === undefined) throw new Error("There are two.");
  const running: ServiceProcess[] = [oldOne, oldTwo];
  const show = (...services: readonly ServiceProcess[]): void => {
    front.targets = services.map(({ target }) => target);
  };
  show(oldOne, oldTwo);
  const { connectionFile } = oldOne;
  const consoles = await Consoles.start(CONSOLES, { url: front.url, connectionFile });
  const during = async (what: string, step: () => Promise<void>): Promise<void> => {
    const before = consoles.sent.length;
    const sending = consoles.sendUntil(performance.now() + EACH_MS);
    await step();
    await sending;
    say(`${what}: ${consoles.sent.length - before} evidences`);
  };
  try {
    await during("two of the earlier program", async () => undefined);
    await oldTwo.kill();
    const newTwo = await ServiceProcess.startMade(two);
    running.push(newTwo);
    await during("one of each, in turn", async () => show(oldOne, newTwo));
    await during("one of each, and the new one is killed", async () => {
      await newTwo.kill();
      await newTwo.restart();
    });
    await during("the earlier one is started anew", async () => {
      await oldOne.kill();
      const isIn = await oldOne.restart().then(
        () => true,
        () => false,
      );
      say(isIn ? "it works on the tables of this program" : "it is refused: this program has to go on alone");
    });
    await oldOne.kill();
    const newOne = await ServiceProcess.startMade(one);
    running.push(newOne);
    await during("two of this program", async () => show(newOne, newTwo));
    const people = await People.signIn(1, front.url);
    const left = await consoles.notAvailable({ standsStillMs: AFTERWARDS_MS, say });
    const { checked, differing } = await people.verifyEverything(AFTERWARDS_MS);
    const { isWhole } = await auditReport(one);
    say(`${consoles.sent.length} acknowledged, ${checked} verified, ${differing} differ`);
    await consoles.stop();
    return [
      ...consoles.failures,
      ...left,
      ...(differing > 0 || checked < consoles.sent.length ? ["Not everything is verified."] : []),
      ...(isWhole ? [] : ["The audit trail is not whole."]),
    ];
  } finally {
    for (const service of running) await service.kill();
    await front.close();
  }
}

/** @returns 0 where nothing was lost @throws Error where it cannot be tried here */
export async function proveUpgrade(commit: string): Promise<number> {
  const earlier = await earlierProgram(commit);
  if (earlier === null) throw new Error(`This checkout has no history with the commit ${commit}.`);
  const cluster = await PostgresCluster.start();
  const store = await ObjectStore.forTests();
  const folder = await mkdtemp(join(tmpdir(), "upgrade-"));
  try {
    if (cluster === null) throw new Error("PostgreSQL is not installed.");
    if ("missing" in store) throw new Error(store.missing);
    const faults = await prove({ earlier, cluster, folder, s3: await store.makeBucket("upgrade") });
    for (const fault of faults) say(fault);
    say(faults.length === 0 ? "Nothing was lost." : "NOT AS IT SHOULD BE.");
    return faults.length === 0 ? 0 : 1;
  } finally {
    await earlier.remove();
    await cluster?.stop();
    if (!("missing" in store)) await store.close();
    await rm(folder, { recursive: true, force: true });
  }
}
