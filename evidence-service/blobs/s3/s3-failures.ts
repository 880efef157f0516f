/** What an object store answers instead of doing what it was asked. */
import { S3ServiceException } from "@aws-sdk/client-s3";
import { BlobsUnreachable } from "../../storage/blob-store.ts";
import { certificateReason } from "../azure/certificate-reason.ts";

const SETTINGS_NAME = "s3-blobs.json";

/**
 * The code of a refusal, as "NoSuchKey"; null where no answer came. An answer to HEAD has no body, and the client names
 * it by its status: "NotFound". Source: Amazon S3 API Reference, "Error responses".
 */
export function s3Code(error: unknown): string | null {
  return error instanceof S3ServiceException ? error.name : null;
}

/** Of the answer; undefined where none came. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

/** Why a call did not succeed, in few words and without any secret. @param endpoint that was asked */
export async function reasonOf(error: unknown, endpoint = ""): Promise<string> {
  if (!(error instanceof Error)) return "no answer";
  if (error.name === "AbortError" || error.name === "TimeoutError") return "no answer in time";
  const code = s3Code(error);
  if (code !== null) return code;
  const ofSystem = "code" in error && typeof error.code === "string" ? error.code : "";
  const ofCertificate = await certificateReason(ofSystem, endpoint, SETTINGS_NAME);
  return ofCertificate ?? (ofSystem === "" ? error.message : ofSystem);
}

/**
 * Waits for a call.
 * @param expected codes that are answers to the question: null stands for them
 * @throws BlobsUnreachable when no answer came, or one that tells nothing about the object
 */
export async function unlessRefused<T>(call: Promise<T>, ...expected: readonly string[]): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (expected.includes(s3Code(error) ?? "")) return null;
    throw await unreachableOr(error);
  }
}

/** A refusal of what was asked is a bug and stays what it is; everything else may pass. */
export async function unreachableOr(error: unknown): Promise<unknown> {
  if (error instanceof BlobsUnreachable || !tellsNothing(error)) return error;
  const sentence = `The bucket of the stored files cannot be reached (${await reasonOf(error)}).`;
  return new BlobsUnreachable(sentence, { cause: error });
}

const OF_THE_BUCKET: ReadonlySet<string> = new Set(["NoSuchBucket", "AuthorizationHeaderMalformed"]);

/** The store refuses this service, has no such bucket any more, is busy or broken, or was not there. */
function tellsNothing(error: unknown): boolean {
  const status = statusOf(error);
  if (status === undefined) return error instanceof Error && ("code" in error || "$metadata" in error);
  const isOfBucket = OF_THE_BUCKET.has(s3Code(error) ?? "");
  return isOfBucket || [301, 307, 401, 403, 408, 429].includes(status) || status >= 500;
}
