/**
 * Conditions of blob requests. What is met when: Azure Storage REST reference, "Specifying conditional headers for Blob
 * service operations".
 */
import type { IncomingHttpHeaders } from "node:http";
import { judgeConditions } from "#runtime/http/conditions.ts";
import { BlobError } from "./blob-error.ts";

export interface Described {
  readonly etag: string;
  readonly committedUtcMs: number;
}

const CONDITIONS = ["if-match", "if-none-match", "if-modified-since", "if-unmodified-since"] as const;

/** A time that no date says is no condition (RFC 9110, 13.1.3). */
function dateOf(
  headers: IncomingHttpHeaders,
  name: "if-modified-since" | "if-unmodified-since",
): number | null {
  const utcMs = Date.parse(headers[name] ?? "");
  return Number.isNaN(utcMs) ? null : utcMs;
}

/** Dates are said in whole seconds. */
function isLaterThan({ committedUtcMs }: Described, utcMs: number): boolean {
  return Math.floor(committedUtcMs / 1_000) * 1_000 > utcMs;
}

/** Tags count before dates (RFC 9110, 13.2.2). */
function judge(headers: IncomingHttpHeaders, blob: Described): "go-on" | "failed" | "unchanged" {
  const byTag = judgeConditions(headers, blob.etag);
  const unmodifiedSince = dateOf(headers, "if-unmodified-since");
  const isNewer = unmodifiedSince !== null && isLaterThan(blob, unmodifiedSince);
  if (byTag === "failed" || (headers["if-match"] === undefined && isNewer)) return "failed";
  const modifiedSince = dateOf(headers, "if-modified-since");
  const isOld = modifiedSince !== null && !isLaterThan(blob, modifiedSince);
  const isUnchanged = byTag === "unchanged" || (headers["if-none-match"] === undefined && isOld);
  return isUnchanged ? "unchanged" : "go-on";
}

/** @throws BlobError 412 ConditionNotMet; "unchanged" is answered with 304 and no body */
export function judgeRead(headers: IncomingHttpHeaders, blob: Described): "go-on" | "unchanged" {
  const answer = judge(headers, blob);
  if (answer === "failed") throw notMet();
  return answer;
}

/**
 * Asked within the transaction of the write, so that of two that may only create one does.
 * @param blob undefined while nothing is committed
 * @throws BlobError 409 BlobAlreadyExists, 412 ConditionNotMet
 */
export function checkWrite(headers: IncomingHttpHeaders, blob: Described | undefined): void {
  if (blob === undefined) {
    if (headers["if-match"] !== undefined) throw notMet();
    return;
  }
  if (headers["if-none-match"]?.trim() === "*") {
    throw new BlobError("BlobAlreadyExists", "The blob exists already.");
  }
  if (judge(headers, blob) !== "go-on") throw notMet();
}

/**
 * What a condition would be ignored by.
 * @throws BlobError 400 ConditionHeadersNotSupported
 */
export function refuseConditions(headers: IncomingHttpHeaders): void {
  const given = CONDITIONS.find((name) => headers[name] !== undefined);
  if (given === undefined) return;
  throw new BlobError("ConditionHeadersNotSupported", `This operation takes no condition: ${given}.`);
}

function notMet(): BlobError {
  return new BlobError("ConditionNotMet", "The condition of the request's headers is not met.");
}
