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

/** What the zone's clock shows at an instant. */
export function localParts(utcMs: number, zone: string): LocalParts {
  const parts: Record<string, string> = {};
  for (const { type, value } of zoneFormatter(zone).formatToParts(utcMs)) parts[type] = value;
  return {
    date: `${parts["year"]?.padStart(4, "0")}-${parts["month"]}-${parts["day"]}`,
    time: `${parts["hour"]}:${parts["minute"]}:${parts["second"]}`,
  };
}

/** How far the zone's clock is ahead of UTC at that instant, in milliseconds; whole seconds. */
export function offsetMs(utcMs: number, zone: string): number {
  const wholeSecondMs = Math.floor(utcMs / 1000) * 1000;
  const { date, time } = localParts(wholeSecondMs, zone);
  return Date.parse(`${date}T${time}Z`) - wholeSecondMs;
}

/** The same in minutes, of which today's zones have whole ones. */
export function offsetMinutes(utcMs: number, zone: string): number {
  return Math.round(offsetMs(utcMs, zone) / 60_000);
}
