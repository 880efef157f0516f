/** Hours of each day at which another bandwidth cap holds, e.g. none at night. */
export interface BandwidthSchedule {
  /** Minutes since midnight, local time of the site. */
  readonly fromMinute: number;
  /** Not within any more; earlier than `fromMinute` for hours over midnight. */
  readonly toMinute: number;
  /** Null: no cap at these hours. */
  readonly capBytesPerSecond: number | null;
}
