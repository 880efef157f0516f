import { type Run, runMeasured } from "./measured-run.ts";

/** What curl says of an answer, which is thrown away. */
export function readByCurl(words: readonly string[]): Promise<Run> {
  const sized = '{"bytes":%{size_download},"seconds":%{time_total}}';
  return runMeasured("curl", ["-sS", "-f", "-o", "/dev/null", "-w", sized, ...words], null);
}
