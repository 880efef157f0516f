/** Which parts of a video somebody was given while they watched: hundreds of pieces are one span in the audit trail. */
import { recordAudit } from "../audit/audit-chain.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import type { Viewing } from "./viewings.ts";

/** Nothing came for so long: the span has ended. A player fetches some pieces ahead and then waits. */
const QUIET_MS = 60_000;
/** A process that is killed loses no more than this of what it knew. */
const LONGEST_MS = 5 * 60_000;
/** Seconds that pieces may be apart and still be one part: their times are rounded. */
const TOUCHING_S = 0.1;
/** More are told as the one stretch they lie in. */
const MOST_PARTS = 50;

export interface Part {
  /** Seconds from the first shown frame of the video. */
  readonly startS: number;
  readonly endS: number;
}

interface Span {
  readonly viewing: Viewing;
  readonly fromUtcMs: number;
  readonly fromPassedMs: number;
  untilUtcMs: number;
  untilPassedMs: number;
  parts: readonly Part[];
}

export interface WatchedParts {
  readonly db: Metadata;
  readonly now: () => number;
  readonly passedMs: () => number;
}

export class WatchedSpans {
  readonly #parts: WatchedParts;
  readonly #spans = new Map<string, Span>();

  constructor(parts: WatchedParts) {
    this.#parts = parts;
  }

  /** A piece is given out. */
  gave(viewing: Viewing, part: Part): void {
    const [untilUtcMs, untilPassedMs] = [this.#parts.now(), this.#parts.passedMs()];
    const key = `${viewing.actor} ${viewing.evidenceId}`;
    const known = this.#spans.get(key);
    const begun = { viewing, fromUtcMs: untilUtcMs, fromPassedMs: untilPassedMs, parts: [] };
    const parts = joinedParts([...(known?.parts ?? []), part]);
    this.#spans.set(key, { ...(known ?? begun), untilUtcMs, untilPassedMs, parts });
  }

  /** Writes the spans that have ended, or all of them at the end of the service. */
  async tell(isLast = false): Promise<void> {
    const passedMs = this.#parts.passedMs();
    for (const [key, span] of this.#spans) {
      const isOver = passedMs - span.untilPassedMs >= QUIET_MS || passedMs - span.fromPassedMs >= LONGEST_MS;
      if (!isOver && !isLast) continue;
      this.#spans.delete(key);
      await this.#write(span);
    }
  }

  async #write({ viewing, fromUtcMs, untilUtcMs, parts }: Span): Promise<void> {
    const { actor, evidenceId: subject } = viewing;
    const detail = { fromUtcMs, untilUtcMs, parts: partsText(parts) };
    await recordAudit(this.#parts.db, { atUtcMs: untilUtcMs, actor, action: "WATCHED", subject, detail });
  }
}

/** Ascending, and apart from one another. */
export function joinedParts(parts: readonly Part[]): readonly Part[] {
  const joined: Part[] = [];
  for (const part of parts.toSorted((a, b) => a.startS - b.startS)) {
    const last = joined.at(-1);
    if (last === undefined || part.startS > last.endS + TOUCHING_S) joined.push(part);
    else joined[joined.length - 1] = { startS: last.startS, endS: Math.max(last.endS, part.endS) };
  }
  return joined;
}

/** Such as `0-12,64.5-80`. */
function partsText(parts: readonly Part[]): string {
  const [first, last] = [parts[0], parts.at(-1)];
  const isMany = parts.length > MOST_PARTS && first !== undefined && last !== undefined;
  const told = isMany ? [{ startS: first.startS, endS: last.endS }] : parts;
  return told.map(({ startS, endS }) => `${tenths(startS)}-${tenths(endS)}`).join(",");
}

const tenths = (seconds: number): string => String(Math.round(seconds * 10) / 10);
