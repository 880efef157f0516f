import { readFileSync } from "node:fs";
import { parseConnectionFile } from "#electron/adapters/clearance-client/connection.ts";
import type { DestinationAccount } from "#electron/adapters/site/destination-account.ts";

/**
 * The service of a connection file becomes the one beside the console, as when it tells where it is.
 * @throws Error when the file says something else than a connection
 */
export function connect(account: DestinationAccount, connectionFile: string): void {
  const connection = parseConnectionFile(readFileSync(connectionFile, "utf8"));
  if (!connection.ok) throw new Error(connection.error.message);
  account.embeddedIsAt(connection.value);
}
