import { formatCount, formatIssues } from "#shared/words/amounts.ts";

/** What the icon in the system's tray says, in words: a colour alone says nothing. */
export function trayWords({
  issues,
  running,
}: {
  readonly issues: number;
  readonly running: number;
}): string {
  return `${formatCount(running, "export")} running, ${formatIssues(issues)}`;
}
