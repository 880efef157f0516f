import { join } from "node:path";
import { failed, type Outcome, succeeded } from "#shared/domain/failure.ts";
import type { ReportFile } from "#shared/ipc-contract/report-contract.ts";
import { PreparedReport } from "./report.ts";

export interface SiteReportsOptions {
  readonly siteRoot: string;
  readonly logFolder: string;
  /** What a report says beside the log as things are now, by the file that it stands in. */
  readonly facts: () => Readonly<Record<string, unknown>>;
  readonly nowUtcMs: () => number;
}

/** Reports of a site: put together, looked at, and only then saved. */
export class SiteReports {
  readonly #options: SiteReportsOptions;
  #prepared: PreparedReport | null = null;

  constructor(options: SiteReportsOptions) {
    this.#options = options;
  }

  prepare(): ReportFile[] {
    const { facts, logFolder } = this.#options;
    this.#prepared = new PreparedReport({ facts: facts(), logFolder });
    return this.#prepared.files;
  }

  /** Failures: REPORT_NOT_PREPARED, REPORT_NOT_SAVED. @returns where the report lies that was prepared last */
  save(): Outcome<string> {
    if (this.#prepared === null) return failed("REPORT_NOT_PREPARED", "There is no report to save.");
    const { siteRoot, nowUtcMs } = this.#options;
    const [day = "", time = ""] = new Date(nowUtcMs()).toISOString().split(/[T.]/);
    const stamp = `${day}T${time.replaceAll(":", "")}Z`;
    try {
      return succeeded(this.#prepared.save(join(siteRoot, "reports"), stamp));
    } catch (error) {
      console.error("The report cannot be saved.", error);
      return failed("REPORT_NOT_SAVED", "The report cannot be written into the site's folder.");
    }
  }
}
