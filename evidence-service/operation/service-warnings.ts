/** What an administrator should mend although the service works: on the administration page and in the log. */
import type { FastifyBaseLogger } from "fastify";
import type { DurableSetting } from "../storage/postgres/durable-settings.ts";

interface WarningKind {
  readonly sentence: string;
  /** What is to be done. */
  readonly action: string;
}

/** By its stable code; one without a sentence and an action does not compile. */
const WARNINGS = {
  POSTGRES_FSYNC_OFF: {
    sentence:
      "PostgreSQL does not wait for its disk (fsync is off): a power cut can destroy the whole database.",
    action: "Set fsync = on in postgresql.conf, and reload PostgreSQL.",
  },
  POSTGRES_FULL_PAGE_WRITES_OFF: {
    sentence:
      "PostgreSQL does not keep whole pages (full_page_writes is off): a power cut can leave torn pages, and rows that cannot be read.",
    action: "Set full_page_writes = on in postgresql.conf, and reload PostgreSQL.",
  },
  POSTGRES_SYNCHRONOUS_COMMIT_OFF: {
    sentence:
      "PostgreSQL answers before a change is on the disk (synchronous_commit is off): a power cut can lose evidence that a console was told is kept.",
    action:
      "Set synchronous_commit = on in postgresql.conf, and for the service's role and database, and reload PostgreSQL.",
  },
} as const satisfies Record<string, WarningKind>;

type WarningCode = keyof typeof WARNINGS;

export interface ServiceWarning extends WarningKind {
  readonly code: WarningCode;
}

const LOSES_WHAT_WAS_ANSWERED: Readonly<Record<DurableSetting, WarningCode>> = {
  fsync: "POSTGRES_FSYNC_OFF",
  full_page_writes: "POSTGRES_FULL_PAGE_WRITES_OFF",
  synchronous_commit: "POSTGRES_SYNCHRONOUS_COMMIT_OFF",
};

function warningOf(setting: DurableSetting): ServiceWarning {
  const code = LOSES_WHAT_WAS_ANSWERED[setting];
  return { code, ...WARNINGS[code] };
}

export class ServiceWarnings {
  readonly #settingsThatAreOff: () => Promise<readonly DurableSetting[]>;
  readonly #log: FastifyBaseLogger;
  #current: readonly ServiceWarning[] = [];

  /** @param settingsThatAreOff of the database, asked anew each time */
  constructor(settingsThatAreOff: () => Promise<readonly DurableSetting[]>, log: FastifyBaseLogger) {
    this.#settingsThatAreOff = settingsThatAreOff;
    this.#log = log;
  }

  /** As of the latest look. */
  get current(): readonly ServiceWarning[] {
    return this.#current;
  }

  /** Asks how it is; what is new, and what is over, is logged once. */
  async look(): Promise<readonly ServiceWarning[]> {
    const before = this.#current;
    const now = (await this.#settingsThatAreOff()).map(warningOf);
    this.#current = now;
    for (const { code, sentence, action } of without(now, before)) {
      this.#log.warn({ code }, `${sentence} ${action}`);
    }
    for (const { code } of without(before, now)) {
      this.#log.warn({ code }, "This is in order again.");
    }
    return now;
  }
}

function without(warnings: readonly ServiceWarning[], others: readonly ServiceWarning[]): ServiceWarning[] {
  const codes = new Set(others.map(({ code }) => code));
  return warnings.filter(({ code }) => !codes.has(code));
}
