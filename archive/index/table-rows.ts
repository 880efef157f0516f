/**
 * Rows as the index's tables have them, before they are what the index tells (`index-rows.ts`). The tables call a
 * footage file a segment.
 */
import type { FootageFileRow, SessionRow } from "./index-rows.ts";

export interface CameraRow {
  readonly id: string;
  readonly name: string;
  readonly area: string;
  readonly source: string;
  readonly recorded: number;
}

/** A row of `sessions`, whose four columns of sound are all null or none is, and so those of the seam. */
export interface StoredSessionRow extends Omit<SessionRow, "sound" | "seam" | "begun"> {
  readonly bootId: string | null;
  readonly bootUptimeMs: number | null;
  readonly agedOffsetUs: number;
  readonly seamSession: string | null;
  readonly seamNumber: number | null;
  readonly seamUs: number | null;
  readonly seamFromUs: number | null;
  readonly soundTrackId: number | null;
  readonly soundTimeScale: number | null;
  readonly soundBaseTime: number | null;
  readonly soundCodec: string | null;
}

/** Where a session took over, and the session that did. */
export interface SeamRow {
  readonly name: string;
  readonly number: number;
  readonly atUs: number;
  readonly fromUs: number;
  readonly nextId: number;
  readonly startUs: number;
}

/** A footage file as it was recorded, before it is known what of it is shown. */
export type RecordedRow = Omit<FootageFileRow, "shownStartUs" | "shownEndUs" | "fromUs" | "toUs">;

/** Start, end, length of a frame, session: as arrays, because a day is more than twenty thousand of them. */
export type PlainRow = readonly [number, number, number, number];
