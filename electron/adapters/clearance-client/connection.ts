import { type ConnectionFile, connectionFileSchema } from "#shared/clearance-api/connection-file.ts";
import { failed, type Outcome, succeeded } from "#shared/domain/failure.ts";

/** The addresses of one account, without a trailing slash. Several are alternatives; the first is used. */
export interface Connection {
  readonly file: ConnectionFile;
  readonly tenantId: string;
  readonly documents: string;
  readonly tokens: string;
  readonly keys: string;
  readonly cases: string;
  readonly api: string;
}

/**
 * Reads a connection file's text.
 * @returns CONNECTION_FILE_INVALID with the first thing that is wrong with it
 */
export function parseConnectionFile(text: string): Outcome<Connection> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return failed("CONNECTION_FILE_INVALID", "This is not a connection file: it is not JSON.");
  }
  const parsed = connectionFileSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue?.path.join(".") ?? "";
    return failed(
      "CONNECTION_FILE_INVALID",
      `This connection file cannot be used: ${where}: ${issue?.message ?? "wrong"}`,
    );
  }
  return succeeded(connectionOf(parsed.data));
}

function connectionOf(file: ConnectionFile): Connection {
  return {
    file,
    tenantId: file.TenantId,
    documents: firstOf(file.DocumentStoreBaseAddresses),
    tokens: firstOf(file.SecurityTokenServiceBaseAddresses),
    keys: firstOf(file.KeyStoreBaseAddresses),
    cases: firstOf(file.CaseServiceBaseAddresses),
    api: firstOf(file.ApiBaseAddresses),
  };
}

function firstOf(addresses: readonly string[]): string {
  return (addresses[0] ?? "").replace(/\/+$/, "");
}
