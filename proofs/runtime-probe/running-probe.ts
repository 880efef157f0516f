import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleForNode20 } from "#dev/electron-runtime/program-for-node-20.ts";

/** The program and what it starts, each a file of its own in both runtimes. */
const PROGRAMS = ["probe-program", "probed-service", "probed-utility", "probed-trust"];
const register = new URL("../../dev/chromium-shell/register.ts", import.meta.url).href;
const preload = fileURLToPath(
  new URL("../../dev/chromium-shell/sample-program/preload.cjs", import.meta.url),
);

export interface ProbeAnswers {
  readonly exitCode: number | null;
  readonly answers: Readonly<Record<string, unknown>>;
}

/** How to run the probe in one of the runtimes. */
export type RunProbe = (environment?: Record<string, string>) => Promise<ProbeAnswers>;

export const probeInShell: RunProbe = (environment) =>
  answersOf(
    process.execPath,
    ["--import", register, join(import.meta.dirname, "probe-program.ts")],
    environment,
  );

/** Electron's Node may be older than ours: the program is brought into a form that it can run. */
export async function bundleProbe(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "evidence-desk-probe-"));
  const inputs = PROGRAMS.map((name) => [name, join(import.meta.dirname, `${name}.ts`)]);
  await bundleForNode20(Object.fromEntries(inputs) as Record<string, string>, folder);
  const about = { name: "probe", version: "1.2.3", type: "module", main: "probe-program.js" };
  await writeFile(join(folder, "package.json"), JSON.stringify(about));
  return folder;
}

export function probeIn(executablePath: string, folder: string): RunProbe {
  const isRoot = process.getuid?.() === 0;
  return (environment) =>
    answersOf(executablePath, [...(isRoot ? ["--no-sandbox"] : []), folder], environment);
}

async function answersOf(
  program: string,
  words: string[],
  environment: Record<string, string> = {},
): Promise<ProbeAnswers> {
  const folder = await mkdtemp(join(tmpdir(), "evidence-desk-probe-run-"));
  const [home, temporary] = [join(folder, "home"), join(folder, "tmp")];
  await Promise.all([home, temporary].map((each) => mkdir(each)));
  const ours = {
    XDG_CONFIG_HOME: home,
    TMPDIR: temporary,
    EVIDENCE_DESK_HEADLESS: "1",
    PROBE_PRELOAD: preload,
  };
  const env = { ...process.env, ...ours, ...environment };
  const { exitCode, stdout } = await new Promise<{ exitCode: number | null; stdout: string }>((resolve) => {
    const child = execFile(program, words, { env }, (_error, text) =>
      resolve({ exitCode: child.exitCode, stdout: text }),
    );
  });
  await rm(folder, { recursive: true, force: true });
  const lines = stdout.split("\n").filter((line) => line.startsWith("answer "));
  const answers = lines.map((line) => JSON.parse(line.slice("answer ".length)) as [string, unknown]);
  return { exitCode, answers: Object.fromEntries(answers) };
}
