import { type FileHandle, open } from "node:fs/promises";
import { constants } from "node:fs";
import { failed, type Outcome, succeeded } from "#shared/domain/failure.ts";
import type { OpenedConnectionFile } from "#shared/ipc-contract/connection-file-contract.ts";
import type { DestinationAccount } from "../adapters/site/destination-account.ts";
import type { FileToImport } from "../desktop-shell/file-to-import.ts";
import type { AreaHandlers } from "./handler.ts";

/** As much as an import takes. */
const FILE_MAX_BYTES = 262_144;
const PIECE_BYTES = 65_536;

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
    if (!(await file.stat()).isFile()) return refused("This is no file.");
    const bytes = await wholeOf(file);
    if (bytes === null) return refused("This file is too large for a connection file.");
    return succeeded(new TextDecoder().decode(bytes));
  } catch (error) {
    console.error("A connection file that was opened cannot be read.", error);
    return refused("This file could not be read.");
  }
}

/**
 * Whatever length the system says of it: one that somebody writes to meanwhile, or that the system makes up, has no end.
 * @returns null where it is longer than any connection file is
 */
async function wholeOf(file: FileHandle): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = [];
  for (let length = 0; length <= FILE_MAX_BYTES;) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(PIECE_BYTES), 0, PIECE_BYTES, length);
    if (bytesRead === 0) return Buffer.concat(pieces);
    pieces.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
  return null;
}

const refused = (sentence: string) => failed("CONNECTION_FILE_INVALID", sentence);
