import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fencedBlocks } from "./fenced-blocks.ts";

const guides = new URL("../../docs/guides/", import.meta.url);

/** The lines of a guide's fenced blocks of exactly this kind, e.g. `sh`, in their order. */
export async function guideLines(guide: string, kind = "sh"): Promise<string> {
  const text = await readFile(new URL(guide, guides), "utf8");
  const blocks = fencedBlocks(text).filter(({ language, words }) => `${language} ${words}`.trim() === kind);
  const lines = blocks.map((block) => block.text);
  if (lines.length === 0) throw new Error(`${guide} has no block of kind "${kind}".`);
  return lines.join("");
}

export interface ShellOutcome {
  readonly status: number;
  /** What the lines printed, on both outputs. */
  readonly output: string;
}

/** Runs lines with the system's shell in a folder. */
export async function runLines(
  lines: string,
  folder: string,
  variables: Readonly<Record<string, string>> = {},
): Promise<ShellOutcome> {
  const options = { cwd: folder, env: { ...process.env, ...variables } };
  return await new Promise((resolve, reject) => {
    execFile("sh", ["-c", lines], options, (error, stdout, stderr) => {
      const status = error === null ? 0 : error.code;
      if (typeof status === "number") resolve({ status, output: stdout + stderr });
      else reject(error ?? new Error("The shell did not start."));
    });
  });
}
