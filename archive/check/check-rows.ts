/** Rows of the index that the check reads, as its tables have them. */
export interface NumberedRow {
  readonly sessionId: number;
  readonly number: number;
  readonly startUs: number;
  readonly sequence: number;
  readonly discontinuity: number;
}

/** A footage file with its packed frames and packets of sound. */
export interface StoredRow {
  readonly id: number;
  readonly number: number;
  readonly startUs: number;
  readonly endUs: number;
  readonly frameUs: number;
  readonly sizeBytes: number;
  readonly arrivalUs: number;
  readonly samples: Buffer | null;
  readonly soundSamples: Buffer | null;
}
