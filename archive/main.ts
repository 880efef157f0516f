import { ArchiveFailure } from "./archive-failure.ts";
import { startArchive, type RunningArchive } from "./archive-server.ts";
import { checkArchive, reindexArchive } from "./archive-upkeep.ts";
import { parseCommandLine, type ArchiveCommand } from "./command-line.ts";
import { logToStderr, sentenceOf } from "./log.ts";

const PARENT_POLL_MS = 1_000;

/** Runs the archive as a program; see `parseCommandLine` for its arguments. */
async function main(): Promise<void> {
  const command = parseCommandLine(process.argv.slice(2), process.env);
  switch (command.kind) {
    case "serve":
      return serve(command);
    case "reindex":
      return print({ ...(await reindexArchive(command.dir)) });
    case "check":
      return print({ ...(await checkArchive(command.dir)) });
  }
}

async function serve(command: Extract<ArchiveCommand, { kind: "serve" }>): Promise<void> {
  const archive = await startArchive(command);
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    endProcess(archive);
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  if (command.exitWithParent) watchParent(end);
  print({ listening: archive.url });
}

function endProcess(archive: RunningArchive): void {
  archive.close().then(
    () => process.exit(0),
    (error: unknown) => {
      logToStderr(sentenceOf(error));
      process.exit(1);
    },
  );
}

/** A parent that is gone is noticed by the closed channel, or by having been given another parent. */
function watchParent(end: () => void): void {
  const parent = process.ppid;
  process.on("disconnect", end);
  setInterval(() => {
    if (process.ppid !== parent) end();
  }, PARENT_POLL_MS).unref();
}

function print(answer: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

main().catch((error: unknown) => {
  logToStderr(error instanceof ArchiveFailure ? `${error.code}: ${error.message}` : sentenceOf(error));
  process.exitCode = 1;
});
