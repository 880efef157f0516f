/** Who keeps a service, or a command, from its folder or its schema: the words of it, and what is done then. */
import type { LockHolder } from "#runtime/files/folder-lock.ts";
import { formatUtc } from "#shared/words/instants.ts";
import { askOnce } from "../storage/postgres/ask-once.ts";
import type { PostgresPlace } from "../storage/postgres/postgres-place.ts";
import { holdersOf, type SchemaHolder } from "../storage/postgres/schema-users.ts";
import { StartRefusal } from "./start-refusal.ts";

const UNTIL_ITS_END = {
  service: "Wait until it has ended, then start the service again.",
  command: "Wait until it has ended, then give the same command again.",
} as const;

/** @throws MetadataUnreachable */
export async function schemaInUse(place: PostgresPlace): Promise<StartRefusal> {
  const holders = await askOnce(place, (client) => holdersOf(client, place.schema));
  const what = `The schema ${place.schema} of the database at ${new URL(place.url).host}`;
  const others = holders.length > 1 ? `, and by ${holders.length - 1} more` : "";
  const sentence = `${what} is in use by ${wordsOf(holders[0])}${others}.`;
  const isOfCommands = holders.length > 0 && holders.every(({ command }) => command !== null);
  return new StartRefusal("POSTGRES_IN_USE", sentence, isOfCommands ? UNTIL_ITS_END : undefined);
}

/** @param holder undefined where it has just ended */
function wordsOf(holder: SchemaHolder | undefined): string {
  if (holder === undefined || (holder.name === null && holder.sinceUtcMs === null)) {
    return "another evidence service";
  }
  const { name, command, sinceUtcMs } = holder;
  const who = command === null ? "another evidence service" : commandWords(command);
  const where = name === null ? "" : ` on ${name}`;
  return `${who}${where}${sinceUtcMs === null ? "" : `, since ${formatUtc(sinceUtcMs)}`}`;
}

const commandWords = (command: string): string =>
  command === "command" ? "another command" : `the command ${command}`;

/** @param holder null where it has not named itself */
export function folderInUse(dir: string, holder: LockHolder | null): StartRefusal {
  const command = holder?.command;
  const who = command === undefined ? "another evidence service" : commandWords(command);
  const which = holder === null ? "" : ` (process ${holder.processId}, since ${holder.startedUtc})`;
  const sentence = `${who.charAt(0).toUpperCase()}${who.slice(1)} is using the folder ${dir}${which}.`;
  return new StartRefusal("FOLDER_IN_USE", sentence, command === undefined ? undefined : UNTIL_ITS_END);
}
