import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rootFolder } from "./run-program.mjs";

/**
 * What package-lock.json says of one package. `os`, `cpu` and `libc` name the only systems that it is for.
 *
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {string} [resolved] where npm fetches it from; absent where each user's own registry is asked
 * @property {string} [integrity]
 * @property {boolean} [link] a folder of the repository
 * @property {boolean} [optional]
 * @property {boolean} [peer]
 * @property {string | string[]} [os]
 * @property {string | string[]} [cpu]
 * @property {string | string[]} [libc]
 * @property {Record<string, string>} [optionalDependencies]
 *
 * @typedef {Record<string, LockedPackage>} LockedPackages by path, such as `node_modules/vite`
 * @typedef {{os: string, cpu: string, libc?: string}} System in the words of npm
 */

/** @returns {LockedPackages} */
export const lockedPackages = () =>
  JSON.parse(readFileSync(join(rootFolder, "package-lock.json"), "utf8")).packages;

/** @returns {System} this machine's */
export function thisSystem() {
  const { os, arch } = { os: process.platform, arch: process.arch };
  if (os !== "linux") return { os, cpu: arch };
  // Node is linked with one of the two C libraries, and only glibc says its version.
  const { glibcVersionRuntime } = /** @type {any} */ (process.report?.getReport())?.header ?? {};
  return { os, cpu: arch, libc: glibcVersionRuntime ? "glibc" : "musl" };
}

/** @returns {boolean} whether npm installs this package on that system */
export function isFor(system, { os, cpu, libc }) {
  const allows = (names, name) => {
    const list = [names ?? []].flat();
    const wanted = list.filter((word) => !word.startsWith("!"));
    return !list.includes(`!${name}`) && (wanted.length === 0 || wanted.includes(name));
  };
  return (
    allows(os, system.os) && allows(cpu, system.cpu) && (libc === undefined || allows(libc, system.libc))
  );
}

/**
 * What is wrong with a lock file, each as one sentence: a package whose optional ones are not all named (npm leaves
 * out what its registry does not offer, and `npm ci` refuses elsewhere), one without a checksum, and one that is tied
 * to an address.
 *
 * @param {LockedPackages} packages
 * @returns {string[]}
 */
export function faultsOfLock(packages) {
  return Object.entries(packages).flatMap(([path, entry]) => [
    ...Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !isLocked(packages, path, name))
      .map((name) => `package-lock.json does not name ${name}, an optional package of ${path || "ours"}.`),
    ...faultsOfSource(path, entry),
  ]);
}

function faultsOfSource(path, { link, integrity, resolved }) {
  if (!path.includes("node_modules/") || link) return [];
  const faults = [];
  if (!integrity) faults.push(`package-lock.json has no checksum of ${path}.`);
  if (resolved !== undefined)
    faults.push(`package-lock.json fetches ${path} from an address instead of the user's registry.`);
  return faults;
}

/** As Node looks for a package: beside the one that wants it, then further up. */
function isLocked(packages, path, name) {
  for (let folder = path; ; folder = folder.slice(0, folder.lastIndexOf("node_modules/"))) {
    if (`${folder ? `${folder.replace(/\/$/, "")}/` : ""}node_modules/${name}` in packages) return true;
    if (!folder.includes("node_modules/")) return `node_modules/${name}` in packages;
  }
}

/**
 * @param {LockedPackages} locked
 * @param {LockedPackages} installed as npm leaves it in node_modules/.package-lock.json
 * @param {System} system
 * @returns {string[]} names of the packages that are missing, or there in another version
 */
export function notInstalled(locked, installed, system = thisSystem()) {
  return Object.entries(locked)
    .filter(([path]) => path.includes("node_modules/"))
    .filter(([path, { version, optional, peer, ...entry }]) => {
      const found = installed[path];
      if (found) return found.version !== version;
      // What others may leave out is missing only where it is for this very system: without it nothing builds.
      const bindsToSystem = entry.os !== undefined || entry.cpu !== undefined;
      return optional || peer ? Boolean(bindsToSystem && isFor(system, entry)) : true;
    })
    .map(([path]) => path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length));
}
