/** What Azure Blob Storage answers instead of doing what it was asked. */
import { RestError } from "@azure/storage-blob";
import { BlobsUnreachable } from "../../storage/blob-store.ts";
import { certificateReason } from "./certificate-reason.ts";

const SETTINGS_NAME = "azure-blobs.json";

/**
 * The code of a refusal, as "BlobNotFound"; null where no answer came. It is read from the header, because
 * an answer to HEAD has no body. Source: Azure Storage REST reference, "Status and error codes".
 */
export function azureCode(error: unknown): string | null {
  if (!(error instanceof RestError)) return null;
  return error.response?.headers.get("x-ms-error-code") ?? null;
}

/** Why a call did not succeed, in few words and without any secret. */
export async function reasonOf(error: unknown): Promise<string> {
  if (!(error instanceof Error)) return "no answer";
  if (error.name === "AbortError" || error.name === "TimeoutError") return "no answer in time";
  if (!(error instanceof RestError)) return error.message;
  const code = azureCode(error);
  if (code !== null) return code;
  const ofCertificate = await certificateReason(error.code ?? "", error.request?.url ?? "", SETTINGS_NAME);
  return ofCertificate ?? error.code ?? `status ${error.statusCode}`;
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
    throw await unreachableOr(error);
  }
}

/** A refusal of what was asked is a bug and stays what it is; everything else may pass. */
export async function unreachableOr(error: unknown): Promise<unknown> {
  if (error instanceof RestError && error.statusCode !== undefined && !tellsNothing(error)) return error;
  const sentence = `The container of the stored files cannot be reached (${await reasonOf(error)}).`;
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
