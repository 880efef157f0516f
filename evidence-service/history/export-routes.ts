/** The audit trail as a file: as a table for people (CSV), or signed (JSON). Written as it is read, whatever its length. */
import { Readable } from "node:stream";
import { auditFilterSchema, type AuditFilter } from "#shared/web-api/audit-api.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { clientLeftSignal } from "../http/client-left.ts";
import { ClientTurns } from "../http/client-turns.ts";
import type { JsonApi } from "../http/json-api.ts";
import { actorOf } from "../http/principal.ts";
import { doesNotFit } from "../http/refusal.ts";
import { csvHeader, csvRow } from "./audit-csv.ts";
import { findEntries, type FoundPage } from "./find-entries.ts";
import { type History, type HistoryReadings, requireHistory, scopeOf } from "./histories.ts";
import { HISTORY_PATHS, historyOf, historyParamsSchema } from "./history-paths.ts";
import { exportedTrail } from "./signed-export.ts";
import { signedFile } from "./signed-file.ts";

const PAGE = 500;
const FORMATS = {
  csv: { mediaType: "text/csv; charset=utf-8", words: "a table (RFC 4180)" },
  json: { mediaType: "application/json", words: "JSON, signed by the key of the trail's heads" },
} as const;
type Format = keyof typeof FORMATS;

const exports = new ClientTurns({
  ...{ atATime: 2, waitingMax: 0, code: "EXPORTS_BUSY" },
  detail: "Two exports are under way for you already; wait until one is done.",
});

export function registerHistoryExports(
  api: JsonApi,
  context: ServiceContext,
  readings: HistoryReadings,
): void {
  for (const { kind, action, path, of } of HISTORY_PATHS) {
    for (const format of Object.keys(FORMATS) as Format[]) {
      const { mediaType, words } = FORMATS[format];
      api.addBytes({
        ...({ access: "user" } as const),
        action,
        path: `${path}/export/${format}`,
        summary: `The audit trail ${of}, newest first, as ${words}. Filtered as the list is.`,
        params: historyParamsSchema,
        mediaType,
        handle: async ({ params, query, principal, request, reply }) => {
          const filter = auditFilterSchema.safeParse(query);
          if (!filter.success) throw doesNotFit(filter.error);
          const history = historyOf(kind, params);
          await requireHistory(context, history);
          if (request.method === "HEAD") return void reply.type(mediaType).send();
          const signal = clientLeftSignal(reply);
          const giveBack = await exports.take(actorOf(principal), signal);
          reply.raw.once("close", giveBack);
          await readings.beginExport(principal, history, format);
          const pages = pagesOf(context, history, filter.data, signal);
          const text =
            format === "csv"
              ? csvOf(pages)
              : signedFile(
                  context,
                  "audit",
                  exportedTrail(context, { history, filter: filter.data, by: actorOf(principal), pages }),
                );
          void reply
            .type(mediaType)
            .header("content-disposition", `attachment; filename="audit-${kind}.${format}"`)
            .header("cache-control", "private, no-store")
            .send(Readable.from(text));
        },
      });
    }
  }
}

/** What was there when it began: entries that come meanwhile are not in it. */
async function* pagesOf(
  { db }: ServiceContext,
  history: History,
  filter: AuditFilter,
  signal: AbortSignal,
): AsyncGenerator<FoundPage> {
  let below: number | null = Number.MAX_SAFE_INTEGER;
  while (below !== null && !signal.aborted) {
    const asked = { ...filter, scope: scopeOf(history), below, limit: PAGE };
    const { entries, names, goesOnBelow } = await findEntries(db, asked);
    yield { entries, names };
    below = goesOnBelow;
  }
}

async function* csvOf(pages: AsyncIterable<FoundPage>): AsyncGenerator<string> {
  yield csvHeader();
  for await (const { entries, names } of pages) yield entries.map((entry) => csvRow(entry, names)).join("");
}
