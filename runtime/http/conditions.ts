/**
 * What a request asks under a condition (RFC 9110, 13): all who give out files answer alike. A tag names a file's
 * bytes for ever, so the strong ones are all there are here.
 */

export interface ConditionalHeaders {
  readonly "if-match"?: string | undefined;
  readonly "if-none-match"?: string | undefined;
  readonly "if-range"?: string | undefined;
  readonly range?: string | undefined;
}

/** `failed`: 412; `unchanged`: 304, or 412 where the request would change something. */
export type ConditionAnswer = "go-on" | "failed" | "unchanged";

/**
 * Whether a file that is there is to be answered (13.2.2: `If-Match` counts before `If-None-Match`).
 * @param etag of the file, strong, quotes included
 */
export function judgeConditions(headers: ConditionalHeaders, etag: string): ConditionAnswer {
  const { "if-match": ifMatch, "if-none-match": ifNoneMatch } = headers;
  if (ifMatch !== undefined && !names(ifMatch, etag, "strong")) return "failed";
  return ifNoneMatch !== undefined && names(ifNoneMatch, etag, "weak") ? "unchanged" : "go-on";
}

/**
 * The `Range` header as far as it counts: one that is asked for under another tag does not, nor under a weak one or a
 * date (13.1.5).
 */
export function applicableRange(headers: ConditionalHeaders, etag: string): string | undefined {
  const condition = headers["if-range"];
  return condition === undefined || condition.trim() === etag ? headers.range : undefined;
}

/** A tag may hold commas, so a list is not split at them. */
const TAGS = /(W\/)?("[\x21\x23-\x7e\x80-\xff]*")/g;

/** Whether a list of tags names this one. Of a weak tag it is only known that the bytes are about the same (8.8.3.2). */
function names(list: string, etag: string, comparison: "strong" | "weak"): boolean {
  if (list.trim() === "*") return true;
  return [...list.matchAll(TAGS)].some(
    ([, weak, tag]) => tag === etag && (comparison === "weak" || weak === undefined),
  );
}
