import { type ConnectionFile, connectionFileSchema } from "#shared/clearance-api/connection-file.ts";
import { failed, type Outcome, succeeded } from "#shared/domain/failure.ts";

/** The addresses of one account, without a trailing slash: the first of each list, for which the others stand in. */
export interface Connection {
  readonly file: ConnectionFile;
  /**
   * Whose ids those of cases and evidence are: the tenant at this address. A new file of the same account, with
   * another key or principal, has the same.
   */
  readonly accountId: string;
  readonly tenantId: string;
  readonly documents: string;
  readonly tokens: string;
  readonly keys: string;
  readonly cases: string;
  readonly api: string;
  /** All of each list, the one above first; without a trailing slash. */
  readonly alternatives: readonly (readonly string[])[];
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
    return failed("CONNECTION_FILE_INVALID", refusalOf(parsed.error.issues[0], value), ASK_FOR_ANOTHER);
  }
  return succeeded(connectionOf(parsed.data));
}

const ASK_FOR_ANOTHER = "Ask the account's administrator for a new connection file.";

/** The names are those that the file itself uses: whoever made it finds them there. */
function refusalOf(issue: { readonly path: readonly PropertyKey[] } | undefined, value: unknown): string {
  const [name] = issue?.path ?? [];
  if (typeof name !== "string") return "This is not a connection file.";
  if (name === "DisableEncryption") {
    return "This connection file switches encryption off; footage leaves the console encrypted or not at all.";
  }
  const isThere = typeof value === "object" && value !== null && Object.hasOwn(value, name);
  if (!isThere) return `This connection file is not complete: "${name}" is missing.`;
  if (name.endsWith("Addresses")) {
    return `An address under "${name}" in this connection file cannot be used: it must start with https:// unless it is on this machine.`;
  }
  return `What this connection file has under "${name}" cannot be used.`;
}

function connectionOf(file: ConnectionFile): Connection {
  const documentStores = bare(file.DocumentStoreBaseAddresses);
  const tokenServices = bare(file.SecurityTokenServiceBaseAddresses);
  const keyStores = bare(file.KeyStoreBaseAddresses);
  const caseServices = bare(file.CaseServiceBaseAddresses);
  const apis = bare(file.ApiBaseAddresses);
  const [documents = ""] = documentStores;
  return {
    file,
    accountId: `${file.TenantId}@${documents.replace(/^https?:\/\//i, "").toLowerCase()}`,
    tenantId: file.TenantId,
    documents,
    tokens: tokenServices[0] ?? "",
    keys: keyStores[0] ?? "",
    cases: caseServices[0] ?? "",
    api: apis[0] ?? "",
    alternatives: [documentStores, tokenServices, keyStores, caseServices, apis],
  };
}

/** An address that is named twice is one. */
function bare(addresses: readonly string[]): string[] {
  return [...new Set(addresses.map((address) => address.replace(/\/+$/, "")))];
}
