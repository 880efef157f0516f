/** What Azure Blob Storage answers instead of doing what it was asked. */
import { RestError } from "@azure/storage-blob";
import { BlobsUnreachable } from "./blob-store.ts";

/**
 * The code of a refusal, as "BlobNotFound"; null where no answer came. It is read from the header, because
 * an answer to HEAD has no body. Source: Azure Storage REST reference, "Status and error codes".
 */
export function azureCode(error: unknown): string | null {
  if (!(error instanceof RestError)) return null;
  return error.response?.headers.get("x-ms-error-code") ?? null;
}

const UNKNOWN_AUTHORITY =
  "its certificate is of an authority that is not trusted here, which an administrator adds in the network settings";

/** Of Node's codes for what is wrong with a certificate. */
const CERTIFICATE_WORDS: Readonly<Record<string, string>> = {
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT: UNKNOWN_AUTHORITY,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNKNOWN_AUTHORITY,
  SELF_SIGNED_CERT_IN_CHAIN: UNKNOWN_AUTHORITY,
  DEPTH_ZERO_SELF_SIGNED_CERT: UNKNOWN_AUTHORITY,
  CERT_HAS_EXPIRED: "its certificate has expired, or this computer's clock is wrong",
  CERT_NOT_YET_VALID: "its certificate is not valid yet, or this computer's clock is wrong",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is made out to another name",
};

/** Why a call did not succeed, in few words and without any secret. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "no answer";
  if (error.name === "AbortError" || error.name === "TimeoutError") return "no answer in time";
  if (!(error instanceof RestError)) return error.message;
  const { code } = error;
  return azureCode(error) ?? CERTIFICATE_WORDS[code ?? ""] ?? code ?? `status ${error.statusCode}`;
}

/**
 * Waits for a call.
 * @param expected codes that are answers to the question: null stands for them
 * @throws BlobsUnreachable when no answer came, or one that tells nothing about the blob
 */
export async function unlessRefused<T>(call: Promise<T>, ...expected: readonly string[]): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (expected.includes(azureCode(error) ?? "")) return null;
    throw unreachableOr(error);
  }
}

/** A refusal of what was asked is a bug and stays what it is; everything else may pass. */
export function unreachableOr(error: unknown): unknown {
  if (error instanceof RestError && error.statusCode !== undefined && !tellsNothing(error)) return error;
  const sentence = `The container of the stored files cannot be reached (${reasonOf(error)}).`;
  return new BlobsUnreachable(sentence, { cause: error });
}

/** The account refuses this service, has no such container any more, is busy or broken. */
function tellsNothing(error: RestError): boolean {
  const status = error.statusCode ?? 0;
  const lacksContainer = azureCode(error)?.startsWith("Container") === true;
  return (
    lacksContainer || status === 401 || status === 403 || status === 408 || status === 429 || status >= 500
  );
}
