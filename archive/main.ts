import { heedBrokenTerminal } from "#runtime/process/broken-terminal.ts";
import { endWhenAsked } from "#runtime/process/end-when-asked.ts";
import { sayReady } from "#runtime/process/ready-line.ts";
import { ArchiveFailure } from "./ground/archive-failure.ts";
import { startArchive } from "./archive-server.ts";
import { reindexArchive, verifyArchive } from "./archive-upkeep.ts";
import { INVARIANTS } from "./check/invariants.ts";
import { parseCommandLine, type ArchiveCommand } from "./command-line.ts";
import { logToStderr, sentenceOf } from "./ground/log.ts";

/** Runs the archive as a program; see `parseCommandLine` for its arguments. */
async function main(): Promise<void> {
  const command = parseCommandLine(process.argv.slice(2), process.env);
  switch (command.kind) {
    case "serve":
      return serve(command);
    case "reindex":
      return print({ ...(await reindexArchive(command.dir)) });
    case "check":
      return check(command.dir);
  }
}

/** Prints one JSON line and, for people, a line for each breach; the exit code is 1 when there is one. */
async function check(dir: string): Promise<void> {
  const found = await verifyArchive(dir);
  for (const { invariant, camera, file, at, detail } of found.broken) {
    const place = [camera, file, at].filter((part) => part !== null).join(", ");
    logToStderr(`${invariant} is broken (${INVARIANTS[invariant]}) ${place}: ${detail}`);
  }
  print({ ...found });
  if (found.broken.length > 0) process.exitCode = 1;
}

async function serve(command: Extract<ArchiveCommand, { kind: "serve" }>): Promise<void> {
  const archive = await startArchive(command);
  endWhenAsked(() => archive.close(), {
    withParent: command.exitWithParent,
    onFailure: (error) => logToStderr(sentenceOf(error)),
  });
  sayReady({ listening: archive.url });
}

function print(answer: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

heedBrokenTerminal();
main().catch((error: unknown) => {
  logToStderr(error instanceof ArchiveFailure ? `${error.code}: ${error.message}` : sentenceOf(error));
  process.exitCode = 1;
});
