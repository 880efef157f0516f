/** The files of `deploy/`, as an administrator changes them: what is theirs put in, and nothing else. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { rootFolder } from "#dev/launch/run-program.mjs";

/** @param own what stands there, and what this installation has instead; each has to be there */
export async function deployFile(name: string, own: Readonly<Record<string, string>> = {}): Promise<string> {
  let text = await readFile(join(rootFolder, "deploy", name), "utf8");
  for (const [given, theirs] of Object.entries(own)) {
    if (!text.includes(given)) throw new Error(`deploy/${name} has no “${given}”.`);
    text = text.replaceAll(given, theirs);
  }
  return text;
}

/** An instruction of a Containerfile, its lines joined: `COPY`, and what follows it. */
export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

/** @returns the instructions of each stage, `FROM` first */
export function stagesOf(containerfile: string): Instruction[][] {
  const lines = containerfile.replaceAll("\\\n", " ").split("\n");
  const stages: Instruction[][] = [];
  for (const line of lines) {
    const [, name, rest] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (name === undefined || rest === undefined) continue;
    if (name === "FROM") stages.push([]);
    stages.at(-1)?.push({ name, rest });
  }
  return stages;
}
