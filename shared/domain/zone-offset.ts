/** How far a zone's clock is ahead of UTC. A formatter is made once a zone: drawing loops ask sixty times a second. */
const formatters = new Map<string, Intl.DateTimeFormat>();

/** @param zone IANA name. @throws RangeError for a zone that is not known */
function zoneFormatter(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-CA-u-ca-iso8601-nu-latn-hc-h23", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });
  formatters.set(zone, made);
  return made;
}

export interface LocalParts {
  /** YYYY-MM-DD */
  readonly date: string;
  /** HH:MM:SS */
  readonly time: string;
}

/** From 1900 on, and as long as a year has four digits, instants are counted as today. */
const [FIRST_MS, LAST_MS] = [Date.UTC(1900, 0), Date.UTC(9999, 0)];

/** What the zone's clock shows at an instant. */
export function localParts(utcMs: number, zone: string): LocalParts {
  if (!(utcMs > FIRST_MS && utcMs < LAST_MS)) return readParts(utcMs, zone);
  // Ten times as fast as the formatter: sixteen tiles write several times a second.
  const local = new Date(Math.floor(utcMs) + offsetMs(utcMs, zone)).toISOString();
  return { date: local.slice(0, 10), time: local.slice(11, 19) };
}

function readParts(utcMs: number, zone: string): LocalParts {
  const parts: Record<string, string> = {};
  for (const { type, value } of zoneFormatter(zone).formatToParts(utcMs)) parts[type] = value;
  return {
    date: `${parts["year"]?.padStart(4, "0")}-${parts["month"]}-${parts["day"]}`,
    time: `${parts["hour"]}:${parts["minute"]}:${parts["second"]}`,
  };
}

/** Quarters of an hour in which a zone's clock keeps its offset, by zone and number of the quarter. */
const quarters = new Map<string, number>();
const QUARTER_MS = 15 * 60_000;
const QUARTERS_KEPT = 2_000;

/**
 * How far the zone's clock is ahead of UTC at that instant, in milliseconds; whole seconds. Drawing loops ask for the
 * same hours again and again; no zone changes its clock twice within a quarter of an hour.
 */
export function offsetMs(utcMs: number, zone: string): number {
  const quarter = Math.floor(utcMs / QUARTER_MS);
  const key = `${zone} ${quarter}`;
  const known = quarters.get(key);
  if (known !== undefined) return known;
  const [first, last] = [quarter * QUARTER_MS, (quarter + 1) * QUARTER_MS - 1];
  const offset = readOffsetMs(first, zone);
  if (offset !== readOffsetMs(last, zone)) return readOffsetMs(utcMs, zone);
  if (quarters.size >= QUARTERS_KEPT) quarters.clear();
  quarters.set(key, offset);
  return offset;
}

function readOffsetMs(utcMs: number, zone: string): number {
  const wholeSecondMs = Math.floor(utcMs / 1000) * 1000;
  const { date, time } = readParts(wholeSecondMs, zone);
  return Date.parse(`${date}T${time}Z`) - wholeSecondMs;
}

/** The same in minutes, of which today's zones have whole ones. */
export function offsetMinutes(utcMs: number, zone: string): number {
  return Math.round(offsetMs(utcMs, zone) / 60_000);
}
