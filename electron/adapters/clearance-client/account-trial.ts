import { casePageSchema, departmentListSchema } from "#shared/clearance-api/case.ts";
import { publicKeyAnswerSchema } from "#shared/clearance-api/encryption.ts";
import { answeredAtOnce, failedAs, type Outcome } from "#shared/domain/failure.ts";
import type { PortOutcome } from "../../export-pipeline/ports/port-call.ts";
import { SERVICE_PEER } from "./access-token.ts";
import type { ClearanceHttp } from "./clearance-http.ts";
import { clearancePaths } from "./clearance-paths.ts";

/** What an account showed of itself when it was tried. */
export interface TriedAccount {
  readonly encryptionProtocol: "1.0" | "2.0";
}

const STEP_TIMEOUT_MS = 8_000;

/**
 * Does once what every export does first: logs on, reads the key for the encryption, and lists departments and
 * cases as the wizard does. Nothing is created there.
 * @returns the first thing that did not go, said with the step it was
 */
export async function tryAccount(http: ClearanceHttp): Promise<Outcome<TriedAccount>> {
  const paths = clearancePaths(http.connection);
  const token = await http.logOn(call());
  if (!token.ok) return refused("Logging on to the account", token.error);
  const key = await http.get(paths.publicKey, publicKeyAnswerSchema, call());
  if (!key.ok) return refused("Reading the account's key for the encryption", key.error);
  const departments = await http.get(paths.departments, departmentListSchema, call());
  if (!departments.ok) return refused("Listing the account's departments", departments.error);
  const cases = await http.get(`${paths.cases}?limit=1`, casePageSchema, call());
  if (!cases.ok) return refused("Listing the account's cases", cases.error);
  const speaks2 = key.value.EncryptionProtocols?.includes("2.0") === true;
  return { ok: true, value: { encryptionProtocol: speaks2 ? "2.0" : "1.0" } };
}

function call() {
  return { signal: AbortSignal.timeout(STEP_TIMEOUT_MS) };
}

function refused(step: string, error: Extract<PortOutcome<never>, { ok: false }>["error"]): Outcome<never> {
  const { code, message, action } = answeredAtOnce(error);
  const known = code === SERVICE_PEER.unreachableCode ? CHECK_ADDRESSES : action;
  return failedAs({ code, message: `${step} did not succeed. ${message}`, action: known });
}

const CHECK_ADDRESSES = "Check the network, and the addresses in the connection file.";
