/** The audit trail as the signed part of a file, in canonical form. */
import type { AuditFilter } from "#shared/web-api/audit-api.ts";
import { sortedJson } from "../audit/audit-chain.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import type { FoundPage } from "./find-entries.ts";
import type { History } from "./histories.ts";
import { shownEntry } from "./shown-entry.ts";

interface Exported {
  readonly history: History;
  readonly filter: AuditFilter;
  readonly by: string;
  readonly pages: AsyncIterable<FoundPage>;
}

/** In the order of the names, as canonical JSON has them: by, entries, entryCount, … */
export async function* exportedTrail(
  { keys, now }: Pick<ServiceContext, "keys" | "now">,
  { history: { kind, id }, filter, by, pages }: Exported,
): AsyncGenerator<string> {
  yield `{"by":${sortedJson(by)},"entries":[`;
  let entryCount = 0;
  for await (const { entries, names } of pages) {
    const texts = entries.map((entry) => {
      const { words: _, ...shown } = shownEntry(entry, names);
      return sortedJson({ ...shown, hash: entry.hash });
    });
    if (texts.length > 0) yield (entryCount > 0 ? "," : "") + texts.join(",");
    entryCount += texts.length;
  }
  const rest = { exportedUtc: isoInstant(now()), filter, of: { kind, id }, tenant: keys.tenantId };
  yield `],"entryCount":${entryCount},${sortedJson(rest).slice(1)}`;
}
