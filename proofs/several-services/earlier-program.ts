/** The program as it was at a commit, from the history of this repository. */
import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { rootFolder } from "#dev/launch/run-program.mjs";

const run = promisify(execFile);

export interface EarlierProgram {
  readonly folder: string;
  /** What runs its service. */
  readonly service: string;
  /** What makes the folder of one. */
  readonly maker: string;
  readonly remove: () => Promise<void>;
}

/**
 * It runs from its source with the packages of this checkout: where those are not its own, it is not quite what it was.
 * @returns null where this checkout has no history with the commit
 */
export async function earlierProgram(commit: string): Promise<EarlierProgram | null> {
  const isThere = await run("git", ["cat-file", "-e", `${commit}^{commit}`], { cwd: rootFolder }).then(
    () => true,
    () => false,
  );
  if (!isThere) return null;
  const folder = await mkdtemp(join(tmpdir(), "earlier-program-"));
  const archive = join(folder, "program.tar");
  await run("git", ["archive", "--format=tar", `--output=${archive}`, commit], { cwd: rootFolder });
  await run("tar", ["-xf", archive, "-C", folder]);
  await rm(archive);
  await symlink(join(rootFolder, "node_modules"), join(folder, "node_modules"));
  return {
    folder,
    service: join(folder, "evidence-service", "main.ts"),
    maker: join(folder, "dev", "demo-site", "make-demo-service.ts"),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
