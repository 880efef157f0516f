import { open } from "node:fs/promises";
import { constants } from "node:fs";
import { failed, type Outcome, succeeded } from "#shared/domain/failure.ts";
import type { OpenedConnectionFile } from "#shared/ipc-contract/connection-file-contract.ts";
import type { DestinationAccount } from "../adapters/site/destination-account.ts";
import type { FileToImport } from "../desktop-shell/file-to-import.ts";
import type { AreaHandlers } from "./handler.ts";

/** As much as an import takes. */
const FILE_MAX_BYTES = 262_144;

export interface ConnectionFileHandlerParts {
  readonly file: FileToImport;
  readonly account: Pick<DestinationAccount, "read">;
}

export function connectionFileHandlers(parts: ConnectionFileHandlerParts): AreaHandlers<"connectionFile"> {
  return {
    "connectionFile.opened": async () => succeeded(await openedFile(parts)),
    "connectionFile.settle": async ({ fileId }) => {
      parts.file.settle(fileId);
      return succeeded(await openedFile(parts));
    },
  };
}

async function openedFile({ file, account }: ConnectionFileHandlerParts): Promise<OpenedConnectionFile> {
  const { waiting } = file;
  if (waiting === null) return { kind: "none" };
  const { fileId, fileName, path } = waiting;
  const text = await textOf(path);
  const read = text.ok ? account.read(text.value) : text;
  if (!read.ok) return { kind: "refused", fileId, fileName, failure: read.error };
  const { json, connection, identity } = read.value;
  const serviceAddress = new URL(connection.api).origin;
  return { kind: "read", fileId, fileName, json, account: identity.name, serviceAddress };
}

/** Only of a file: a pipe or a device that was named would never end. */
async function textOf(path: string): Promise<Outcome<string>> {
  try {
    await using file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const facts = await file.stat();
    if (!facts.isFile()) return refused("This is no file.");
    if (facts.size > FILE_MAX_BYTES) return refused("This file is too large for a connection file.");
    return succeeded(new TextDecoder().decode(await file.readFile()));
  } catch (error) {
    console.error("A connection file that was opened cannot be read.", error);
    return refused("This file could not be read.");
  }
}

const refused = (sentence: string) => failed("CONNECTION_FILE_INVALID", sentence);
