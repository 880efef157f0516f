/**
 * Object stores that nobody here wrote, each in a temporary folder on a port of its own: versitygw, and SeaweedFS for
 * the long proofs. Neither is a package of npm: `.ci/run` and `npm run proofs -- object-stores` get them where they can.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  ListObjectsV2Command,
} from "@aws-sdk/client-s3";
import { s3Client } from "#evidence-service/blobs/s3/bucket.ts";
import { isThere } from "#runtime/files/missing-file.ts";
import { freePort } from "#runtime/process/free-port.ts";
import type { S3Settings } from "#evidence-service/blobs/s3/s3-settings.ts";

export const VERSITYGW_VERSION = "1.8.0";
const KEY = { accessKeyId: "evidence-desk", secretAccessKey: randomBytes(24).toString("hex") };
const READY_WITHIN_MS = 20_000;

/** Where what is fetched for tests alone is kept, beyond one installation of the packages. */
export function programsFolder(): string {
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  return join(cache, "evidence-desk");
}

export const versitygwPath = (): string =>
  join(programsFolder(), `versitygw-${VERSITYGW_VERSION}`, "versitygw");
export const seaweedPath = (): string => join(programsFolder(), "seaweedfs", "weed");

/** A program in the folder of fetched ones, or on the PATH; null where it is neither. */
async function programAt(fetched: string, name: string): Promise<string | null> {
  const onPath = (process.env["PATH"] ?? "").split(delimiter).map((folder) => join(folder, name));
  for (const path of [fetched, ...onPath]) if (await isThere(path)) return path;
  return null;
}

interface StartedProgram {
  readonly command: string;
  readonly words: readonly string[];
  readonly env?: Record<string, string>;
}

export class ObjectStore {
  readonly name: string;
  readonly port: number;
  readonly #folder: string;
  readonly #program: StartedProgram;
  #process: ChildProcess | null = null;

  private constructor(
    name: string,
    port: number,
    { folder, program }: { folder: string; program: StartedProgram },
  ) {
    [this.name, this.port, this.#folder, this.#program] = [name, port, folder, program];
  }

  /** The one that the tests are to run on, or why it cannot be had here: the test says so and is skipped. */
  static async forTests(): Promise<ObjectStore | { readonly missing: string }> {
    const isSeaweed = process.env["EVIDENCE_DESK_TEST_OBJECT_STORE"] === "seaweedfs";
    const started = await (isSeaweed ? ObjectStore.seaweed() : ObjectStore.versitygw());
    return started ?? { missing: `${isSeaweed ? "SeaweedFS" : "versitygw"} is not installed` };
  }

  /** @returns null where there is no such program */
  static async versitygw(): Promise<ObjectStore | null> {
    const command = await programAt(versitygwPath(), "versitygw");
    if (command === null) return null;
    const folder = await mkdtemp(join(tmpdir(), "versitygw-"));
    for (const name of ["data", "versions", "iam"]) await mkdir(join(folder, name));
    const port = await freePort();
    const words = ["--port", `127.0.0.1:${port}`, "--quiet", "--iam-dir", join(folder, "iam"), "posix"];
    const program = {
      command,
      words: [...words, "--versioning-dir", join(folder, "versions"), join(folder, "data")],
      env: { ROOT_ACCESS_KEY_ID: KEY.accessKeyId, ROOT_SECRET_ACCESS_KEY: KEY.secretAccessKey },
    };
    return new ObjectStore("versitygw", port, { folder, program }).#started();
  }

  /** @returns null where there is no such program */
  static async seaweed(): Promise<ObjectStore | null> {
    const command = await programAt(seaweedPath(), "weed");
    if (command === null) return null;
    const folder = await mkdtemp(join(tmpdir(), "seaweedfs-"));
    const credentials = [{ accessKey: KEY.accessKeyId, secretKey: KEY.secretAccessKey }];
    const identities = [
      { name: "tests", credentials, actions: ["Admin", "Read", "Write", "List", "Tagging"] },
    ];
    const config = join(folder, "s3.json");
    await writeFile(config, JSON.stringify({ identities }));
    const ports = {
      s3: await freePort(),
      master: await freePort(),
      volume: await freePort(),
      filer: await freePort(),
    };
    const words = [
      ...[
        "server",
        `-dir=${folder}`,
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-filer",
        "-s3",
        `-s3.config=${config}`,
      ],
      // Each bucket takes several volumes.
      ...[
        `-s3.port=${ports.s3}`,
        `-master.port=${ports.master}`,
        `-volume.port=${ports.volume}`,
        "-volume.max=200",
      ],
      ...[`-filer.port=${ports.filer}`, "-master.volumeSizeLimitMB=64"],
    ];
    return new ObjectStore("SeaweedFS", ports.s3, { folder, program: { command, words } }).#started();
  }

  settings(bucket: string, wishes: Partial<S3Settings> = {}): S3Settings {
    const endpoint = `http://127.0.0.1:${this.port}`;
    return { endpoint, region: "us-east-1", bucket, pathStyle: true, ...KEY, ...wishes };
  }

  /** @param isLockable made with object lock, and so with versions */
  async makeBucket(bucket: string, isLockable = false): Promise<S3Settings> {
    const settings = this.settings(bucket);
    await this.#with(settings, (client) =>
      client.send(new CreateBucketCommand({ Bucket: bucket, ObjectLockEnabledForBucket: isLockable })),
    );
    return settings;
  }

  /** With all that lies in it; of a bucket without versions. */
  async removeBucket(bucket: string): Promise<void> {
    const keys = await this.keys(bucket);
    await this.#with(this.settings(bucket), async (client) => {
      for (const Key of keys) await client.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
      await client.send(new DeleteBucketCommand({ Bucket: bucket }));
    });
  }

  /** Keys of all that lies there, older versions and marks of what was deleted included. */
  async keys(bucket: string): Promise<string[]> {
    return this.#with(this.settings(bucket), async (client) => {
      const versions = await client.send(new ListObjectVersionsCommand({ Bucket: bucket })).catch(() => null);
      const objects = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
      const all = [...(versions?.Versions ?? objects.Contents ?? []), ...(versions?.DeleteMarkers ?? [])];
      return all.map(({ Key }) => Key ?? "").toSorted();
    });
  }

  async #with<T>(settings: S3Settings, act: (client: ReturnType<typeof s3Client>) => Promise<T>): Promise<T> {
    const client = s3Client(settings);
    return act(client).finally(() => client.destroy());
  }

  /** What is under way breaks off; what was stored stays. */
  async stopProgram(): Promise<void> {
    const running = this.#process;
    if (running === null) return;
    this.#process = null;
    running.kill("SIGKILL");
    await once(running, "exit");
  }

  async startProgram(): Promise<void> {
    await this.#started();
  }

  async close(): Promise<void> {
    await this.stopProgram();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #started(): Promise<ObjectStore> {
    const { command, words, env } = this.#program;
    this.#process = spawn(command, words, {
      env: { ...process.env, ...env },
      cwd: this.#folder,
      stdio: "ignore",
    });
    const until = Date.now() + READY_WITHIN_MS;
    while (!(await this.#answers())) {
      if (Date.now() > until) throw new Error(`${this.name} does not answer.`);
      await pause(50);
    }
    return this;
  }

  #answers(): Promise<boolean> {
    return fetch(`http://127.0.0.1:${this.port}/`).then(
      ({ status }) => status < 500,
      () => false,
    );
  }
}
