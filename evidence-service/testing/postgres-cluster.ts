/**
 * A PostgreSQL of a test's own, made by Debian's programs in a temporary folder: its own port, its own user of the
 * system where the tests run as root (PostgreSQL refuses that), and nothing of the system's clusters.
 */
import { execFile } from "node:child_process";
import { chown, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "#runtime/process/free-port.ts";

const run = promisify(execFile);
const DEBIAN = "/usr/lib/postgresql";
const USER = "evidence-desk-test";

/** The folder of the newest version's programs; null where there is none. */
async function programsFolder(): Promise<string | null> {
  const versions = await readdir(DEBIAN).catch(() => []); // Not installed.
  const newest = versions
    .map(Number)
    .filter(Number.isFinite)
    .toSorted((a, b) => b - a)[0];
  return newest === undefined ? null : join(DEBIAN, String(newest), "bin");
}

const isRoot = process.getuid?.() === 0;

async function numberOf(user: string, what: "-u" | "-g"): Promise<number> {
  return Number((await run("id", [what, user])).stdout);
}

async function makeUser(): Promise<void> {
  const isThere = await run("id", ["-u", USER]).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  // Two test files may begin at once; who is second finds it there.
  await run("useradd", ["--system", "--no-create-home", USER]).catch(() => numberOf(USER, "-u"));
}

export class PostgresCluster {
  readonly folder: string;
  readonly #programs: string;
  readonly #port: number;

  private constructor(programs: string, folder: string, port: number) {
    this.#programs = programs;
    this.folder = folder;
    this.#port = port;
  }

  /**
   * @param made an empty folder to be in, in place of a temporary one
   * @returns null where PostgreSQL is not installed: the test says so and is skipped
   */
  static async start(made?: string): Promise<PostgresCluster | null> {
    const programs = await programsFolder();
    if (programs === null) return null;
    const folder = made ?? (await mkdtemp(join(tmpdir(), "postgres-")));
    if (isRoot) {
      await makeUser();
      await chown(folder, await numberOf(USER, "-u"), await numberOf(USER, "-g"));
    }
    const cluster = new PostgresCluster(programs, folder, await freePort());
    await cluster.#run("initdb", [
      "-D",
      cluster.#data,
      "-U",
      "app",
      "--auth=trust",
      "--data-checksums",
      "-E",
      "UTF8",
    ]);
    await cluster.#start();
    return cluster;
  }

  static async isInstalled(): Promise<boolean> {
    return (await programsFolder()) !== null;
  }

  /** One that lies in a folder already, as its computer finds it after it went out. */
  static async recovered(folder: string): Promise<PostgresCluster> {
    const programs = await programsFolder();
    if (programs === null) throw new Error("PostgreSQL is not installed.");
    const cluster = new PostgresCluster(programs, folder, await freePort());
    await rm(join(cluster.#data, "postmaster.pid"), { force: true });
    await cluster.#start();
    return cluster;
  }

  get #data(): string {
    return join(this.folder, "data");
  }

  /** Of its one database; tests keep apart by schemas. */
  get url(): string {
    return `postgresql://app@127.0.0.1:${this.#port}/postgres`;
  }

  /** As an administrator does it: what is under way breaks off. */
  async restart(): Promise<void> {
    await this.stopServer();
    await this.#start();
  }

  async stopServer(): Promise<void> {
    await this.#run("pg_ctl", ["-D", this.#data, "-w", "-m", "fast", "stop"]);
  }

  startServer(): Promise<void> {
    return this.#start();
  }

  /** Ends its processes without a word to the disk. */
  async kill(): Promise<void> {
    await this.#run("pg_ctl", ["-D", this.#data, "-w", "-m", "immediate", "stop"]);
  }

  async stop(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    const settings = [
      `-p ${this.#port}`,
      "-c listen_addresses=127.0.0.1",
      `-c unix_socket_directories=${this.folder}`,
    ].join(" ");
    const log = join(this.folder, "log");
    await this.#run("pg_ctl", ["-D", this.#data, "-w", "-l", log, "-o", settings, "start"]);
  }

  async #run(program: string, args: readonly string[]): Promise<void> {
    const path = join(this.#programs, program);
    // The server keeps what it inherits: output that is piped would never end.
    if (isRoot) await run("runuser", ["-u", USER, "--", path, ...args], { cwd: this.folder });
    else await run(path, [...args], { cwd: this.folder });
  }
}
