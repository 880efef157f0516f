/**
 * Runs the evidence service as a process of its own (plain Node, or an Electron utilityProcess).
 * Arguments: --dir DIR --port N --web-app DIR --authorities PEM --public-url URL --exit-with-parent, or --verify-audit with --dir;
 * setup --dir DIR [--user NAME --full-name NAME --department NAME --category NAME --begin-anew];
 * account --dir DIR --name NAME --file FILE [--role sender|integration];
 * reset-second-factor --dir DIR --user NAME;
 * rotate-keys --dir DIR [--kind KINDS]; retire-keys --dir DIR [--at-once];
 * backup --dir DIR --to FOLDER; restore --dir DIR --from FOLDER [--take-store]; restored --dir DIR [--take-store];
 * move --from DIR --to DIR [--leave-damaged], or with --compare, --remove-old, --back-out [--lose-newer].
 * One line on stdout tells where it listens; everything else goes to stderr. SIGTERM, or the message of the console that started it, stops it.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { heedBrokenTerminal } from "#runtime/process/broken-terminal.ts";
import { endWhenAsked } from "#runtime/process/end-when-asked.ts";
import { sayReady } from "#runtime/process/ready-line.ts";
import { startEvidenceService } from "./evidence-service.ts";
import { endingWords } from "./site/ending-words.ts";
import { StartRefusal } from "./site/start-refusal.ts";
import { addAccount } from "./administration/add-account.ts";
import { resetSecondFactor } from "./administration/reset-second-factor.ts";
import { retireOldKeys, rotateKeys } from "./administration/rotate-keys.ts";
import { setUp } from "./administration/set-up.ts";
import { auditReport } from "./audit/audit-report.ts";
import { restoreBackup, type Restoring, tellRestoredByOthers, type Told } from "./backup/restore-backup.ts";
import { takeBackup } from "./backup/take-backup.ts";
import { runMove } from "./moving/run-move.ts";

const ARGUMENTS = {
  allowPositionals: true,
  options: {
    dir: { type: "string" },
    port: { type: "string", default: "0" },
    "web-app": { type: "string" },
    authorities: { type: "string" },
    "public-url": { type: "string" },
    "exit-with-parent": { type: "boolean", default: false },
    "verify-audit": { type: "boolean", default: false },
    user: { type: "string", default: "administrator" },
    "full-name": { type: "string", default: "Administrator" },
    department: { type: "string", default: "Security" },
    category: { type: "string", default: "Incident" },
    name: { type: "string" },
    role: { type: "string", default: "sender" },
    file: { type: "string" },
    from: { type: "string" },
    to: { type: "string" },
    "leave-damaged": { type: "boolean", default: false },
    compare: { type: "boolean", default: false },
    "remove-old": { type: "boolean", default: false },
    "back-out": { type: "boolean", default: false },
    "lose-newer": { type: "boolean", default: false },
    kind: { type: "string" },
    "at-once": { type: "boolean", default: false },
    "take-store": { type: "boolean", default: false },
    "begin-anew": { type: "boolean", default: false },
  },
} as const;

const GRACE_OF_CHILD_MS = 4_000;
const DISPLACED =
  "While the database was away another evidence service or a command has taken its schema, and this one ends.";

type Given = ReturnType<typeof readArguments>;

/** @throws StartRefusal ARGUMENT_WRONG, ARGUMENT_MISSING */
function readArguments() {
  const { values, positionals } = parseWords();
  const [command] = positionals;
  if (command === "move") return { ...values, command, dir: "", port: 0 };
  if (values.dir === undefined)
    throw new StartRefusal(
      "ARGUMENT_MISSING",
      "There is no --dir: the folder where the service keeps everything.",
    );
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new StartRefusal("ARGUMENT_WRONG", "--port is a number from 0 to 65535.");
  return { ...values, command, dir: resolve(values.dir), port };
}

function parseWords() {
  try {
    return parseArgs(ARGUMENTS);
  } catch (error) {
    if (error instanceof TypeError)
      throw new StartRefusal("ARGUMENT_WRONG", asSentence(error.message.split("\n")[0] ?? ""));
    throw error;
  }
}

const asSentence = (words: string): string => (words.endsWith(".") ? words : `${words}.`);

async function main(): Promise<void> {
  // Whatever this process makes is for its owner alone.
  process.umask(0o077);
  const given = readArguments();
  if (given.command === undefined && !given["verify-audit"]) return serve(given);
  await runCommand(given).catch((error: unknown) => endWith(error, "command"));
}

/** @throws StartRefusal UNKNOWN_COMMAND, and those of the commands */
async function runCommand(given: Given): Promise<void> {
  const { command, dir } = given;
  if (command === undefined) return printAudit(dir);
  if (command === "setup") return printSetUp(given);
  if (command === "account") return printAccount(given);
  if (command === "reset-second-factor") return printReset(given);
  if (command === "backup") return printBackup(given);
  if (command === "restore") return printRestore(given);
  if (command === "restored") return printRestored(await tellRestoredByOthers(restoringOf(given)));
  if (command === "move") return printMove(given);
  if (command === "rotate-keys") return printNewKeys(given);
  if (command === "retire-keys") return print(await retireOldKeys(dir, { atOnce: given["at-once"] }));
  throw new StartRefusal("UNKNOWN_COMMAND", `There is no command “${command}”.`);
}

async function serve(given: Given): Promise<void> {
  const service = await startEvidenceService({
    dir: given.dir,
    port: given.port,
    webAppFolder: given["web-app"],
    publicUrl: given["public-url"],
    authorityFile: given.authorities === undefined ? undefined : resolve(given.authorities),
    // Whoever started it waits for it, and not for long.
    ...(given["exit-with-parent"] ? { ending: { graceMs: GRACE_OF_CHILD_MS } } : {}),
    displaced: () => endWith(new StartRefusal("POSTGRES_IN_USE", DISPLACED)),
  });
  const { listensAt, connectionFile } = service;
  sayReady({ listening: listensAt, connectionFile });
  endWhenAsked(() => service.close(), { withParent: given["exit-with-parent"], onFailure: say });
}

async function printNewKeys({ dir, kind }: Given): Promise<void> {
  const { lines, exitCode } = await rotateKeys(dir, kind ?? null);
  print(lines);
  process.exitCode = exitCode;
}

async function printSetUp(given: Given): Promise<void> {
  const { user, "full-name": fullName, department, category, "begin-anew": beginsAnew } = given;
  const password = await setUp(given.dir, { user, fullName, department, category, beginsAnew });
  process.stdout.write(`The department “${department}” and the category “${category}” are there.\n`);
  process.stdout.write(`Sign in as “${user}” with the password ${password}\nIt is shown this once.\n`);
}

/** @throws StartRefusal ARGUMENT_MISSING, UNKNOWN_ROLE */
async function printAccount({ dir, name, role, file }: Given): Promise<void> {
  if (name === undefined || file === undefined) {
    const detail = "An account needs --name, by which people know it, and --file for its connection file.";
    throw new StartRefusal("ARGUMENT_MISSING", detail);
  }
  if (role !== "sender" && role !== "integration") {
    throw new StartRefusal("UNKNOWN_ROLE", `The role “${role}” is not known.`);
  }
  await addAccount(dir, { name, role, file: resolve(file) });
  process.stdout.write(`The account “${name}” (${role}) has its connection file: ${resolve(file)}\n`);
}

async function printReset({ dir, user }: Given): Promise<void> {
  await resetSecondFactor(dir, user);
  print([`“${user}” signs in with the password alone, and sets up a second factor where one is required.`]);
}

/** @throws StartRefusal ARGUMENT_MISSING */
async function printBackup({ dir, to }: Given): Promise<void> {
  if (to === undefined) throw new StartRefusal("ARGUMENT_MISSING", "A backup needs --to: its own folder.");
  print(await takeBackup(dir, resolve(to)));
}

/** @throws StartRefusal ARGUMENT_MISSING */
async function printRestore(given: Given): Promise<void> {
  const { from } = given;
  if (from === undefined)
    throw new StartRefusal("ARGUMENT_MISSING", "There is no --from: a backup's folder.");
  printRestored(await restoreBackup(resolve(from), restoringOf(given)));
}

/** Ends with 3 where stored files are missing, or cut off: everything else is there, and the service can be started. */
function printRestored({ lines, isWhole }: Told): void {
  print(lines);
  process.exitCode = isWhole ? 0 : 3;
}

const restoringOf = ({ dir, authorities, "take-store": takesStore }: Given): Restoring => ({
  dir,
  takesStore,
  authorityFile: authorities === undefined ? undefined : resolve(authorities),
});

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** Ends with 3 where the old service runs, and the rest is brought once it is stopped. @throws StartRefusal */
async function printMove(given: Given): Promise<void> {
  const { from, to } = given;
  if (from === undefined || to === undefined) {
    const detail = "A move needs --from and --to: the folders with the settings of both places.";
    throw new StartRefusal("ARGUMENT_MISSING", detail);
  }
  const asked = {
    ...{ compares: given.compare, removesOld: given["remove-old"], backsOut: given["back-out"] },
    ...{ losesNewer: given["lose-newer"], leavesDamaged: given["leave-damaged"] },
    authorityFile: given.authorities === undefined ? undefined : resolve(given.authorities),
  };
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  process.exitCode = await runMove({ ...asked, from: resolve(from), to: resolve(to), say });
}

async function printAudit(dir: string): Promise<void> {
  const { lines, isWhole } = await auditReport(dir);
  print(lines);
  process.exitCode = isWhole ? 0 : 1;
}

function endWith(error: unknown, ended: "service" | "command" = "service"): void {
  process.stderr.write(`${endingWords(error, ended)}\n`);
  process.exit(1);
}

function say(error: unknown): void {
  process.stderr.write(`${endingWords(error, "service")}\n`);
}

heedBrokenTerminal();
main().catch((error: unknown) => endWith(error));
