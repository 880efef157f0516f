/** What the icon in the system's tray says, in words: a colour alone says nothing. */
export function trayWords({
  issues,
  running,
}: {
  readonly issues: number;
  readonly running: number;
}): string {
  const exports =
    running === 0 ? "no exports running" : `${running} ${running === 1 ? "export" : "exports"} running`;
  const issuesInWords = issues === 0 ? "no errors" : `${issues} ${issues === 1 ? "issue" : "issues"}`;
  return `${exports}, ${issuesInWords}`;
}
