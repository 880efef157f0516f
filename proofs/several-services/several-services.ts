/** Several services on one PostgreSQL and one bucket, each a process with a folder of its own, behind one address. */
import { copyFile, mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { S3Settings } from "#evidence-service/blobs/s3/s3-settings.ts";
import { keepMetadataIn, type TestMetadata } from "#evidence-service/testing/engine-of-tests.ts";
import { ServiceProcess } from "../crash-matrix/service-process.ts";
import type { Front } from "./front.ts";
import { RoundRobin } from "./round-robin.ts";

/** On what they stand. */
interface Ground {
  readonly metadata: TestMetadata;
  readonly s3: S3Settings;
}

export class SeveralServices<F extends Front = RoundRobin> {
  readonly front: F;
  readonly services: readonly ServiceProcess[];

  private constructor(front: F, services: readonly ServiceProcess[]) {
    this.front = front;
    this.services = services;
  }

  /** @param folder in which each makes its own */
  static async start(count: number, folder: string, ground: Ground): Promise<SeveralServices> {
    return SeveralServices.startBehind(await RoundRobin.start(), { count, folder, ground });
  }

  static async startBehind<F extends Front>(
    front: F,
    { count, folder, ground }: { readonly count: number; readonly folder: string; readonly ground: Ground },
  ): Promise<SeveralServices<F>> {
    const { metadata, s3 } = ground;
    const folders = Array.from({ length: count }, (_, index) => join(folder, `service-${index + 1}`));
    const [first = "", ...others] = folders;
    await keepMetadataIn(first, { ...metadata, instances: "several" });
    await writeFile(join(first, "s3-blobs.json"), JSON.stringify(s3), { mode: 0o600 });
    await writeFile(join(first, "settings.json"), JSON.stringify({ publicUrl: front.url }));
    const services = [await ServiceProcess.start(first)];
    for (const dir of others) {
      await copySettings(first, dir);
      services.push(await ServiceProcess.startMade(dir));
    }
    const all = new SeveralServices(front, services);
    await all.passToAll();
    return all;
  }

  get first(): ServiceProcess {
    const [first] = this.services;
    if (first === undefined) throw new Error("There are no services.");
    return first;
  }

  passToAll(): Promise<void> {
    return this.front.passTo(this.services.map(({ target }) => target));
  }

  async stop(): Promise<void> {
    for (const service of this.services) await service.kill();
    await this.front.close();
    for (const { dir } of this.services) await rm(dir, { recursive: true, force: true });
  }
}

/** As an administrator does: the small files of the folder, and nothing else. */
export async function copySettings(from: string, to: string): Promise<void> {
  await mkdir(to, { mode: 0o700 });
  const names = ["keys.json", "settings.json", "postgres.json", "s3-blobs.json", "mail.json"];
  for (const name of await readdir(from)) {
    if (!names.includes(name) || !(await stat(join(from, name))).isFile()) continue;
    await copyFile(join(from, name), join(to, name));
  }
}
