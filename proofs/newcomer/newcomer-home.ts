import { execFile, spawn } from "node:child_process";
import {
  chmod,
  chown,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { existsSync } from "node:fs";
import { rootFolder } from "#dev/launch/run-program.mjs";
import { Started } from "./started.ts";

const run = promisify(execFile);

/** What a newcomer's PATH lacks of this system's: compilers, Python, and what builds with them. */
const BUILD_PROGRAMS =
  /^(.*-)?(gcc|g\+\+|cc|c\+\+|cpp|clang|clang\+\+|ld|as|ar|make|gmake|cmake|ninja|node-gyp|python|pypy|rustc|cargo|go|tcc)([-.\d].*)?$/;
/** What a newcomer may lack, by the name of the command. */
const OPTIONAL = ["ffmpeg", "chromium"] as const;
/** What a user is made and looked after with, and what every newcomer has. */
const NEEDED = ["useradd", "userdel", "setpriv", "unshare", "nsenter", "ip", "ps", "git", "node", "npm"];
export type OptionalProgram = (typeof OPTIONAL)[number];

interface Ids {
  readonly uid: number;
  readonly gid: number;
}

/** Somebody without root who has just cloned the repository. Nothing of theirs outlives `remove`. */
export class Newcomer {
  readonly folder: string;
  readonly clone: string;
  readonly home: string;
  readonly #name: string;
  readonly #ids: Ids;

  private constructor(folder: string, name: string, ids: Ids) {
    this.folder = folder;
    this.clone = join(folder, "Büro für Qualität", "evidence desk");
    this.home = join(folder, "home");
    this.#name = name;
    this.#ids = ids;
  }

  /** Why nobody can arrive here, in words; null where somebody can. */
  static async whyNot(): Promise<string | null> {
    if (process.platform !== "linux" || process.getuid?.() !== 0)
      return "a user of its own can be made as root on Linux only";
    const lacking = [];
    for (const program of NEEDED) if ((await systemProgram(program)) === "") lacking.push(program);
    if (lacking.length > 0) return `this system has no ${lacking.join(", ")}`;
    return await run("unshare", ["--net", "true"]).then(
      () => null,
      () => "this machine gives nobody a network of their own",
    );
  }

  /** @throws Error when this process may not make users */
  static async arrive(): Promise<Newcomer> {
    const folder = await mkdtemp(join(tmpdir(), "evidence-desk newcomer "));
    const name = `newcomer${process.pid}`;
    const home = join(folder, "home");
    await run("useradd", ["--no-create-home", "--home-dir", home, "--shell", "/bin/sh", name]);
    const [uid, gid] = await Promise.all(
      ["-u", "-g"].map(async (option) => Number((await run("id", [option, name])).stdout)),
    );
    const newcomer = new Newcomer(folder, name, { uid: uid ?? -1, gid: gid ?? -1 });
    await chmod(folder, 0o755);
    await newcomer.#makeHome();
    await newcomer.#clone();
    return newcomer;
  }

  /** The home can be read only, but for npm's cache and the folder of the site. */
  async #makeHome(): Promise<void> {
    await mkdir(this.home);
    for (const own of [".npm", ".local"]) await this.#makeOwn(join(this.home, own));
    const authorities = (await run("npm", ["config", "get", "cafile"])).stdout.trim();
    if (authorities !== "null") await writeFile(join(this.home, ".npmrc"), `cafile=${authorities}\n`);
    await chmod(this.home, 0o555);
  }

  /** The files under version control, as they lie here. */
  async #clone(): Promise<void> {
    const listed = await run("git", ["ls-files", "-z"], { cwd: rootFolder, maxBuffer: 1 << 26 });
    await mkdir(this.clone, { recursive: true });
    for (const file of listed.stdout
      .split("\0")
      .filter((path) => path && existsSync(join(rootFolder, path)))) {
      await mkdir(dirname(join(this.clone, file)), { recursive: true });
      await cp(join(rootFolder, file), join(this.clone, file), { preserveTimestamps: true });
    }
    await run("chown", ["-R", `${this.#ids.uid}:${this.#ids.gid}`, this.clone]);
  }

  /** Gives them the packages and the build that are here, in place of an installation of their own. */
  async giveBuilt(): Promise<void> {
    const owner = `${this.#ids.uid}:${this.#ids.gid}`;
    const [from, to] = [join(rootFolder, "node_modules"), join(this.clone, "node_modules")];
    // Links cost nothing where both lie on one disk. The files stay ours; the folders are theirs.
    await run("cp", ["-al", from, to]).catch(() => run("cp", ["-a", from, to]));
    await run("find", [to, "-type", "d", "-exec", "chown", owner, "{}", "+"]);
    await run("cp", ["-a", join(rootFolder, "out"), this.clone]);
    await run("chown", ["-R", owner, join(this.clone, "out")]);
  }

  /** @returns a site without cameras, which only they can write */
  async emptySite(): Promise<string> {
    const site = join(this.home, ".local", "share", "evidence-desk", "site");
    await mkdir(site, { recursive: true });
    const facts = { version: 1, name: "New site", timeZone: "Europe/Berlin", demo: false };
    await writeFile(join(site, "evidence-desk-site.json"), JSON.stringify(facts));
    await run("chown", ["-R", `${this.#ids.uid}:${this.#ids.gid}`, join(this.home, ".local")]);
    return site;
  }

  /** From now on all of their home is theirs, as on most computers. */
  async openHome(): Promise<void> {
    await chown(this.home, this.#ids.uid, this.#ids.gid);
    await chmod(this.home, 0o755);
  }

  async #makeOwn(folder: string): Promise<void> {
    await mkdir(folder);
    await chown(folder, this.#ids.uid, this.#ids.gid);
  }

  /**
   * Starts a program as this user in the clone.
   *
   * @param has of the programs that not everybody has
   * @param options `isOffline`: no network but the machine itself
   */
  async start(
    words: readonly string[],
    has: readonly OptionalProgram[],
    { isOffline = false, node = "" } = {},
  ): Promise<Started> {
    const path = await this.#path(has, node);
    const env = { PATH: path, HOME: this.home, LANG: "C.UTF-8", USER: this.#name };
    const [setpriv, unshare, ip] = await Promise.all(["setpriv", "unshare", "ip"].map(systemProgram));
    const asUser = [
      setpriv ?? "",
      `--reuid=${this.#ids.uid}`,
      `--regid=${this.#ids.gid}`,
      "--clear-groups",
      "--",
    ];
    // A network of its own in which nothing but the loopback is there.
    const alone = [unshare ?? "", "--net", "/bin/sh", "-c", `${ip} link set lo up && exec "$@"`, "sh"];
    const [program = "", ...args] = [...(isOffline ? alone : []), ...asUser, ...words];
    return new Started(
      spawn(program, args, { cwd: this.clone, env, detached: true, stdio: ["ignore", "pipe", "pipe"] }),
    );
  }

  async #path(has: readonly OptionalProgram[], node: string): Promise<string> {
    const folder = await mkdtemp(join(this.folder, "bin-"));
    await chmod(folder, 0o755);
    const lacked = OPTIONAL.filter((name) => !has.includes(name));
    const programs = (await Promise.all(SYSTEM_FOLDERS.map(programsIn))).flat();
    const given = programs.filter(
      ({ name }) => !BUILD_PROGRAMS.test(name) && !lacked.some((one) => name === one),
    );
    // Of two with one name the first counts, as in the PATH itself.
    const byName = new Map(given.toReversed().map(({ name, path }) => [name, path]));
    if (node) byName.set("node", node);
    await Promise.all([...byName].map(([name, path]) => symlink(path, join(folder, name))));
    return folder;
  }

  /** Processes of this user that still run, as `ps` names them. */
  async leftovers(): Promise<string[]> {
    const listed = await run("ps", ["-u", String(this.#ids.uid), "-o", "stat=,args="]).catch(() => ({
      stdout: "",
    }));
    // One that has ended and that nobody has asked how is none that runs.
    return listed.stdout.split("\n").filter((line) => line !== "" && !line.startsWith("Z"));
  }

  /** Whether npm's note of what it installed is there. */
  async installed(): Promise<boolean> {
    return await readFile(join(this.clone, "node_modules", ".package-lock.json")).then(
      () => true,
      () => false,
    );
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    await run("userdel", [this.#name]);
  }
}

const SYSTEM_FOLDERS = ["/usr/local/bin", "/usr/bin", "/bin", "/usr/sbin", "/sbin"];
const SYSTEM_PATH = SYSTEM_FOLDERS.join(delimiter);

async function programsIn(folder: string): Promise<{ name: string; path: string }[]> {
  const names = await readdir(folder).catch(() => []);
  return names.map((name) => ({ name, path: join(folder, name) }));
}

/** @returns its path, or nothing where the system has none */
async function systemProgram(name: string): Promise<string> {
  const asked = run("/bin/sh", ["-c", `command -v ${name}`], { env: { PATH: SYSTEM_PATH } });
  const found = await asked.catch(() => ({ stdout: "" }));
  return found.stdout.trim();
}
