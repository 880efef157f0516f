/** What an administrator should mend although the service works: on the administration page and in the log. */
import type { FastifyBaseLogger } from "fastify";
import type { DurableSetting } from "../storage/postgres/durable-settings.ts";
import type { LineProtection } from "../storage/postgres/line-protection.ts";

interface WarningKind {
  readonly message: string;
  /** What is to be done. */
  readonly action: string;
}

/** By its stable code; one without a message and an action does not compile. */
const WARNINGS = {
  POSTGRES_FSYNC_OFF: {
    message:
      "PostgreSQL does not wait for its disk (fsync is off): a power cut can destroy the whole database.",
    action: "Set fsync = on in postgresql.conf, and reload PostgreSQL.",
  },
  POSTGRES_FULL_PAGE_WRITES_OFF: {
    message:
      "PostgreSQL does not keep whole pages (full_page_writes is off): a power cut can leave torn pages, and rows that cannot be read.",
    action: "Set full_page_writes = on in postgresql.conf, and reload PostgreSQL.",
  },
  POSTGRES_SYNCHRONOUS_COMMIT_OFF: {
    message:
      "PostgreSQL answers before a change is on the disk (synchronous_commit is off): a power cut can lose evidence that a console was told is kept.",
    action:
      "Set synchronous_commit = on in postgresql.conf, and for the service's role and database, and reload PostgreSQL.",
  },
  METADATA_WENT_BACK: {
    message:
      "The database went back: it lacks what this service has acknowledged, as after a failover to a standby that had not everything. Nothing is served until that is told.",
    action:
      "Stop every service of this database, run restored in the folder of each, and start them: consoles then send again what is missing. Make the standby synchronous.",
  },
  POSTGRES_WITHOUT_TLS: {
    message:
      "The line to PostgreSQL is not encrypted: whoever is on the network between can read and change what goes over it.",
    action:
      "Set “authorityFile” in postgres.json, let pg_hba.conf take hostssl alone, and start the service again.",
  },
  POSTGRES_UNVERIFIED: {
    message:
      "The line to PostgreSQL is encrypted, and nothing shows whose server it is: somebody between can be it.",
    action: "Set “authorityFile” in postgres.json, take sslmode out of “url”, and start the service again.",
  },
  FILES_AWAY: {
    message:
      "The stored files cannot be reached: nothing is taken in or given out, and what is to be read of them waits.",
    action:
      "See whether the store answers this machine, takes the key of the settings, and was not given to another service; for files in the service's folder, whether their disk is mounted.",
  },
  DISK_FULL: {
    message: "The disk of the service is full: uploads are refused, and reading goes on.",
    action: "Make room on the disk of the service's folder; consoles go on by themselves.",
  },
  CLOCK_AHEAD: {
    message:
      "The clock is further ahead than what this service saw pass: no evidence goes by its retention until that is cleared up.",
    action:
      "Set the clock right. If it is right, as after a week in which the service was off, say so among Retention below.",
  },
  KEY_NOT_EVERYWHERE: {
    message: "There is a new key, which is not used yet: another service of this database does not hold it.",
    action:
      "Copy keys.json from the machine where it was made to the others. A service that ended within the last minute may still count.",
  },
  KEY_NOT_HERE: {
    message: "The other services use a key that this one does not hold: it cannot read what they write.",
    action: "Copy keys.json from another machine into this service's folder.",
  },
  KEYS_UNREADABLE: {
    message:
      "The file keys.json cannot be read, or is another service's: this one goes on with the keys that it holds, and would not start again.",
    action: "Copy keys.json from another machine or from the backup into this service's folder.",
  },
} as const satisfies Record<string, WarningKind>;

type WarningCode = keyof typeof WARNINGS;

/** What the log is told as soon as it is noticed (`TrailWatch`, `StoreOutage`), and not again from here. */
const TOLD_AT_ONCE: ReadonlySet<WarningCode> = new Set<WarningCode>(["METADATA_WENT_BACK", "FILES_AWAY"]);

/** What there is to be asked for warnings, anew each time. */
export interface WarningSources {
  readonly areFilesAway: () => Promise<boolean>;
  readonly isDiskFull: () => Promise<boolean>;
  readonly isClockAhead: () => boolean;
  /** Whether the database lacks what this service has acknowledged. */
  readonly isEarlier: () => boolean;
  /** Of the database. */
  readonly settingsThatAreOff: () => Promise<readonly DurableSetting[]>;
  /** The way to the database. */
  readonly line: () => LineProtection;
  readonly ofKeys: () => readonly ("KEY_NOT_EVERYWHERE" | "KEY_NOT_HERE" | "KEYS_UNREADABLE")[];
}

export interface ServiceWarning extends WarningKind {
  readonly code: WarningCode;
}

const LOSES_WHAT_WAS_ANSWERED: Readonly<Record<DurableSetting, WarningCode>> = {
  fsync: "POSTGRES_FSYNC_OFF",
  full_page_writes: "POSTGRES_FULL_PAGE_WRITES_OFF",
  synchronous_commit: "POSTGRES_SYNCHRONOUS_COMMIT_OFF",
};

const OF_LINE: Readonly<Record<LineProtection, WarningCode | null>> = {
  ...{ local: null, verified: null },
  ...{ unverified: "POSTGRES_UNVERIFIED", open: "POSTGRES_WITHOUT_TLS" },
};

function warningOf(setting: DurableSetting): ServiceWarning {
  const code = LOSES_WHAT_WAS_ANSWERED[setting];
  return { code, ...WARNINGS[code] };
}

export class ServiceWarnings {
  readonly #sources: WarningSources;
  readonly #log: FastifyBaseLogger;
  #current: readonly ServiceWarning[] = [];

  constructor(sources: WarningSources, log: FastifyBaseLogger) {
    this.#sources = sources;
    this.#log = log;
  }

  /** As of the latest look. */
  get current(): readonly ServiceWarning[] {
    return this.#current;
  }

  /** Asks how it is; what is new, and what is over, is logged once. */
  async look(): Promise<readonly ServiceWarning[]> {
    const before = this.#current;
    const ofSettings = (await this.#sources.settingsThatAreOff()).map(warningOf);
    const ofKeys = this.#sources.ofKeys().map((code) => ({ code, ...WARNINGS[code] }));
    const now = [...(await this.#ofPlaces()), ...ofSettings, ...ofKeys];
    this.#current = now;
    for (const { code, message, action } of without(now, before).filter(isToldHere)) {
      this.#log.warn({ code }, `${message} ${action}`);
    }
    for (const { code } of without(before, now).filter(isToldHere)) {
      this.#log.warn({ code }, "This is in order again.");
    }
    return now;
  }

  async #ofPlaces(): Promise<ServiceWarning[]> {
    const { areFilesAway, isEarlier, isDiskFull, line, isClockAhead } = this.#sources;
    const codes: WarningCode[] = [];
    if (isEarlier()) codes.push("METADATA_WENT_BACK");
    const ofLine = OF_LINE[line()];
    if (ofLine !== null) codes.push(ofLine);
    if (await areFilesAway()) codes.push("FILES_AWAY");
    if (await isDiskFull()) codes.push("DISK_FULL");
    if (isClockAhead()) codes.push("CLOCK_AHEAD");
    return codes.map((code) => ({ code, ...WARNINGS[code] }));
  }
}

const isToldHere = ({ code }: ServiceWarning): boolean => !TOLD_AT_ONCE.has(code);

function without(warnings: readonly ServiceWarning[], others: readonly ServiceWarning[]): ServiceWarning[] {
  const codes = new Set(others.map(({ code }) => code));
  return warnings.filter(({ code }) => !codes.has(code));
}
