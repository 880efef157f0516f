import { succeeded } from "#shared/domain/failure.ts";
import type { SoftwareFacts } from "../adapters/report/report-facts.ts";
import type { SiteReports } from "../adapters/report/site-reports.ts";
import type { AreaHandlers } from "./handler.ts";

export interface ReportHandlerParts {
  readonly software: SoftwareFacts;
  readonly logFolder: string;
  /** Of the file with others' licences. */
  readonly noticesPath: string;
  readonly reports: SiteReports;
  readonly onPageError: (text: string) => void;
}

export function reportHandlers(parts: ReportHandlerParts): AreaHandlers<"report"> {
  const { software, logFolder, noticesPath, reports, onPageError } = parts;
  return {
    "report.about": () => succeeded({ ...software, logFolder, noticesPath }),
    "report.prepare": () => succeeded({ files: reports.prepare() }),
    "report.save": () => {
      const saved = reports.save();
      return saved.ok ? succeeded({ path: saved.value }) : saved;
    },
    "report.pageError": ({ text }) => {
      onPageError(text);
      return succeeded(undefined);
    },
  };
}
