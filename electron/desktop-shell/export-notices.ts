import { type ExportSummary } from "#shared/domain/export-status.ts";
import { bidiIsolated } from "#shared/domain/names.ts";

/** What the desktop is told of one export. */
export interface ExportNotice {
  readonly exportId: string;
  readonly title: string;
  readonly body: string;
}

/** Tells of each export that has become available or has failed since it was seen last. */
export class ExportNotices {
  readonly #known = new Map<string, ExportSummary["kind"]>();

  /** @param changed what is not as it was; what is seen for the first time is no news */
  of(changed: readonly ExportSummary[]): ExportNotice[] {
    return changed.flatMap((status) => {
      const before = this.#known.get(status.exportId);
      this.#known.set(status.exportId, status.kind);
      return before === undefined || before === status.kind ? [] : noticesOf(status);
    });
  }

  forget(exportIds: readonly string[]): void {
    for (const exportId of exportIds) this.#known.delete(exportId);
  }
}

function noticesOf({ exportId, kind, cameraExports, failure }: ExportSummary): ExportNotice[] {
  const cameras = cameraExports.map(({ cameraName }) => bidiIsolated(cameraName)).join(", ");
  if (kind === "available") return [{ exportId, title: "Evidence is available", body: cameras }];
  if (kind !== "failed") return [];
  return [{ exportId, title: "An export has failed", body: `${cameras}: ${failure?.message ?? ""}` }];
}
