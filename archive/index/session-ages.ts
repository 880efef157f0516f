/** A moment by a clock that nobody can set: a run of the machine, and how long it had run. */
export interface BootMoment {
  readonly bootId: string;
  readonly uptimeMs: number;
}

/** What a session's age is told by, beside its own dates, which are as wrong as the clock was. */
export interface SessionAges {
  /** This moment; absent where nothing is recorded now, as when an index is built anew. */
  moment?(): BootMoment;
  /** When a moment was, by what is believed; null where that run of the machine is not known. */
  utcMsOf(moment: BootMoment): number | null;
}
