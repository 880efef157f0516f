/** Rows as they are read from the tables of `metadata-tables.ts`. */
import type { Selectable } from "kysely";
import type {
  BlobTable,
  BlockListTable,
  CaseTable,
  EvidenceTable,
  ReceivingTable,
  ResourceTable,
  JobTable,
  RunningJobTable,
  VerificationRunTable,
} from "./metadata-tables.ts";

/** A row as the audit trail tells it: its place in lists is no fact of it. */
export type UnnumberedRow<Table> = Omit<Selectable<Table>, "seq">;

export type CaseRow = Selectable<CaseTable>;
export type EvidenceRow = Selectable<EvidenceTable>;
export type ReceivingRow = Selectable<ReceivingTable>;
export type ResourceRow = Selectable<ResourceTable>;
export type BlobRow = Selectable<BlobTable>;
export type BlockListRow = Selectable<BlockListTable>;
export type JobRow = Selectable<JobTable>;
export type RunningJobRow = Selectable<RunningJobTable>;
export type VerificationRunRow = Selectable<VerificationRunTable>;
