/**
 * npm run proofs -- package [short]: makes packages of what is built, with the runtime of the tests, and looks at them:
 * what is inside, the fuses as they can be read back, and the packaged console itself, started as a desktop starts it, as
 * root and as a user with Chromium's sandbox. It plays, sends evidence that is compared frame by frame, and ends with its
 * window. `short` makes the runnable folder alone and sends nothing.
 */
import { execFile, spawn } from "node:child_process";
import { chmod, cp, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ELECTRON } from "#dev/electron-runtime/pinned-package.ts";
import { runtimeFolder } from "#dev/electron-runtime/test-runtime.ts";
import { node24, packageScript, rootFolder } from "#dev/launch/run-program.mjs";
import { contentsOf, type PackageContents, wrongFuses } from "#dev/packaging/package-contents.ts";
import { makeFolder } from "#dev/packaging/packaged-folder.ts";

const run = promisify(execFile);
const NOT_TO_BE_HAD = 3;
const EXECUTABLE = "evidence-desk";
const isShort = process.argv[2] === "short";
const release = join(rootFolder, "release", "for-proof");
const specs = ["e2e/packaged", ...(isShort ? [] : ["e2e/whole-system/send-one-camera.spec.ts"])];

let failures = 0;

function row(isSo: boolean, what: string, found: string): void {
  if (!isSo) failures++;
  console.log(`${isSo ? "as wanted" : "NOT SO   "}  ${what}: ${found}`);
}

/** @returns the exit code */
async function shown(
  program: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<number> {
  const child = spawn(program, [...words], {
    cwd: rootFolder,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

function lookAt(contents: PackageContents, what: string, libraries: readonly string[]): void {
  const { packages, notices, strangers, beside } = contents;
  row(
    JSON.stringify(contents.libraries) === JSON.stringify(libraries),
    `native libraries of ${what}`,
    contents.libraries.join(", "),
  );
  const unnamed = packages.filter((name) => !notices.includes(`\n${name} `));
  row(unnamed.length === 0, `licences of its ${packages.length} packages`, unnamed.join(", ") || "named");
  row(strangers.length === 0, "nothing of development in it", strangers.slice(0, 20).join(", ") || "nothing");
  const licences = ["LICENSE.electron.txt", "LICENSES.chromium.html", "resources/LICENSE.txt"];
  const missing = licences.filter((name) => !beside.includes(name));
  row(missing.length === 0, "licences of Electron, Chromium and itself", missing.join(", ") || "there");
  const runners = beside.filter((name) => /default_app|^resources\/app$/.test(name));
  row(runners.length === 0, "nothing that runs other programs", runners.join(", ") || "nothing");
  console.log(`           ${what} has ${(contents.lengthBytes / 1e6).toFixed(0)} MB`);
}

/** The program as it ships, which the runtime of the tests cannot run: for what is inside. */
async function lookAtShipped(): Promise<void> {
  const releaseFolder = join(release, "shipped");
  const electron = {
    electronFolder: runtimeFolder(),
    version: ELECTRON.version,
    programFolder: rootFolder,
    releaseFolder,
    isForProof: true,
  };
  const contents = await contentsOf(await makeFolder(electron));
  lookAt(contents, "the program as it ships", ["/node_modules/better-sqlite3/prebuilds/linux-x64.node"]);
  await rm(releaseFolder, { recursive: true });
}

/** One demo site for all that is driven. */
async function onDemoSite(use: () => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "evidence-desk-package-site-"));
  const siteDir = join(folder, "site");
  try {
    await run(node24(), ["dev/demo-site/make-demo-site.ts", "--site", siteDir], { cwd: rootFolder });
    process.env["EVIDENCE_DESK_E2E_SITE"] = siteDir;
    await use();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @param userId whose console it is; null for our own */
async function drive(executable: string, userId: number | null): Promise<void> {
  const words = [node24(), packageScript("@playwright", "test", "cli.js"), "test", ...specs];
  const display = process.env["DISPLAY"] ? [] : ["xvfb-run", "-a"];
  const [program = "", ...rest] = [...display, ...words];
  const env = {
    EVIDENCE_DESK_TEST_PACKAGE: executable,
    EVIDENCE_DESK_TEST_PACKAGE_USER: userId === null ? "" : String(userId),
  };
  const code = await shown(program, rest, env);
  const who = userId === null ? "whoever runs this" : "a user with the sandbox";
  row(code === 0, `the packaged console as ${who}`, code === 0 ? "as its specs say" : `exit code ${code}`);
}

/**
 * A user of its own starts what lies where the package puts it: out of the deb where one was made, else of the folder.
 */
async function driveAsUser(folder: string): Promise<void> {
  const place = await mkdtemp(join(tmpdir(), "evidence-desk-package-"));
  const name = `packaged${process.pid}`;
  await run("useradd", ["--no-create-home", "--shell", "/bin/sh", name]);
  try {
    const userId = Number((await run("id", ["-u", name])).stdout);
    await chmod(place, 0o755);
    const program = await putInto(place, folder);
    // As the deb's own script does after installing: the helper with root's rights only where nothing else helps.
    const asUser = ["--reuid", name, "--regid", name, "--clear-groups", "unshare", "--user", "true"];
    const hasNamespaces = await run("setpriv", asUser).then(
      () => true,
      () => false,
    );
    await chmod(join(program, "chrome-sandbox"), hasNamespaces ? 0o755 : 0o4755);
    await drive(join(program, EXECUTABLE), userId);
  } finally {
    await run("userdel", [name]);
    await rm(place, { recursive: true, force: true });
  }
}

async function putInto(place: string, folder: string): Promise<string> {
  const deb = (await readdir(release)).find((name) => name.endsWith(".deb"));
  if (deb === undefined) {
    row(isShort, "a deb", "none was asked for");
    await cp(folder, join(place, "program"), { recursive: true, verbatimSymlinks: true });
    return join(place, "program");
  }
  await run("dpkg-deb", ["--extract", join(release, deb), place]);
  const entry = await readFile(join(place, "usr/share/applications/evidence-desk.desktop"), "utf8");
  const named = /^Exec="?(\/opt\/[^"%]+?)\/evidence-desk"?( |$)/m.exec(entry)?.[1] ?? "";
  row(named !== "", "the deb's desktop entry names the program", named);
  const fields = (await run("dpkg-deb", ["--field", join(release, deb), "Package", "Depends"])).stdout;
  row(
    /^Package: evidence-desk$/m.test(fields) && /ffmpeg/.test(fields),
    "the deb wants ffmpeg",
    fields.replaceAll("\n", "; "),
  );
  await lookAtAssociation(place, entry);
  return join(place, named);
}

/** What a desktop reads when somebody double-clicks a connection file: the entry, and what its databases make of it. */
async function lookAtAssociation(place: string, entry: string): Promise<void> {
  const [, type = ""] = /^MimeType=([^;]+);/m.exec(entry) ?? [];
  row(type !== "", "the deb's desktop entry opens connection files", type);
  row(/^Exec=.* %U$/m.test(entry), "and hands over which", /^Exec=.*$/m.exec(entry)?.[0] ?? "no Exec");
  const mime = join(place, "usr/share/mime");
  await run("update-mime-database", [mime]);
  const globs = await readFile(join(mime, "globs2"), "utf8");
  const line = globs.split("\n").find((one) => one.includes(type)) ?? "";
  row(line.endsWith(`:${type}:*.evidence-connection`), "the desktop knows them by their ending", line);
}

async function prove(): Promise<void> {
  await rm(release, { recursive: true, force: true });
  const words = ["dev/launch/run.mjs", "package", "for-proof", ...(isShort ? ["folder"] : [])];
  const code = await shown(process.execPath, words);
  if (code === NOT_TO_BE_HAD)
    return console.log("skipped: the runtime of the tests cannot be had, for the reason above.");
  if (code !== 0) return row(false, "packages are made", `exit code ${code}`);
  const folder = join(release, "linux-unpacked");
  lookAt(await contentsOf(folder), "the package for the proof", [
    "/node_modules/better-sqlite3/prebuilds/linux-x64.node",
  ]);
  if (!isShort) await lookAtShipped();
  const wrong = await wrongFuses(join(folder, EXECUTABLE));
  row(wrong.length === 0, "fuses, read back", wrong.join(", ") || "all eight as configured");
  await onDemoSite(async () => {
    await drive(join(folder, EXECUTABLE), null);
    if (process.getuid?.() === 0) await driveAsUser(folder);
  });
  await rm(release, { recursive: true, force: true });
}

if (process.platform === "linux" && process.arch === "x64") await prove();
else console.log("skipped: there is a runtime for tests on Linux x64 only.");
process.exitCode = failures > 0 ? 1 : 0;
