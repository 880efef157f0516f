import { onceEach } from "#shared/domain/names-alike.ts";
import { bidiIsolated } from "#shared/domain/names.ts";
import type { TimeRange } from "#shared/domain/time-range.ts";
import type { RequestInput } from "#shared/ipc-contract/contract.ts";
import type { newCaseSchema } from "#shared/ipc-contract/export-contract.ts";
import { recordingNameSchema, utcMsSchema } from "#shared/ipc-contract/values.ts";
import { z } from "zod";
import { formatCount } from "#shared/words/amounts.ts";
import { offeredRangeSchema, type OfferedRange } from "./range-offer.ts";

export const SEARCH_MAX_CHARACTERS = 256;
/** What was pasted by mistake is kept up to here; a name that is too long is shown whole, with the sentence that says so. */
export const TEXT_KEPT_CHARACTERS = 8192;

/** A time as it was typed, for as long as that says more than the instant: it is not understood (yet), or could mean two. */
const typedTextSchema = z
  .object({
    text: z.string(),
    beforeUtcMs: utcMsSchema.nullable(),
    pass: z.enum(["first", "second"]).nullable(),
  })
  .nullable()
  .default(null);

/**
 * What the operator has entered so far. It is kept across a crash of the window, so everything in
 * it is plain JSON, and what comes back from storage is parsed with this schema. Its texts have no
 * bounds: what a request may hold is judged where it is sent, and a text that is too long for one
 * is no reason to lose the draft.
 */
const draftRowSchema = z.object({
  cameraId: z.string(),
  cameraName: z.string(),
  name: z.string(),
  description: z.string(),
  /** null: not entered (yet). */
  startUtcMs: utcMsSchema.nullable(),
  endUtcMs: utcMsSchema.nullable(),
  startTyped: typedTextSchema,
  endTyped: typedTextSchema,
  /** The recording that is sent in place of what the archive shows; null: what it shows. */
  recording: recordingNameSchema.nullable().default(null),
});

export const wizardStepSchema = z.enum(["cameras", "times", "association", "case", "summary"]);
export type WizardStep = z.infer<typeof wizardStepSchema>;

const draftCaseSchema = z.object({
  name: z.string(),
  departmentId: z.string(),
  categoryId: z.string().nullable(),
  recordNumber: z.string(),
  incidentNumber: z.string(),
  description: z.string(),
  location: z.string(),
  customFields: z.array(z.object({ name: z.string(), value: z.string() })),
  /** As typed, with commas between. */
  tagsText: z.string(),
  /** Whose departments and categories were chosen from; absent before anything was. */
  accountId: z.string().optional(),
  /** null: nobody changed it, so it follows the export's own range. */
  incident: z
    .object({
      startUtcMs: utcMsSchema.nullable(),
      endUtcMs: utcMsSchema.nullable(),
      startTyped: typedTextSchema,
      endTyped: typedTextSchema,
    })
    .nullable(),
});

/** What the operator has in hand at a step besides what is sent. */
const draftViewSchema = z.object({
  selectedIds: z.array(z.string()),
  anchorId: z.string().nullable(),
  showsUtc: z.boolean(),
  caseSearch: z.string(),
  /** null: the dialog is closed. */
  adding: z.object({ text: z.string(), pickedIds: z.array(z.string()) }).nullable(),
});
export type DraftView = z.infer<typeof draftViewSchema>;

const FIRST_VIEW: DraftView = {
  selectedIds: [],
  anchorId: null,
  showsUtc: false,
  caseSearch: "",
  adding: null,
};

export const exportDraftSchema = z.object({
  version: z.literal(1),
  /** Made once a draft, so that Finish pressed twice, or again after a failure, is one export. */
  requestId: z.string().min(8).max(64),
  /** Username; nobody continues what another operator began. */
  startedBy: z.string(),
  hasChanges: z.boolean(),
  step: wizardStepSchema,
  rows: z.array(draftRowSchema),
  /** What the first row began with; null where nothing could be offered. */
  offered: offeredRangeSchema.nullable().default(null),
  association: z.enum(["existing", "new", "none"]),
  existingCase: z
    .object({
      caseId: z.string(),
      name: z.string(),
      state: z.enum(["open", "closed"]),
      /** Whose case it is; earlier drafts do not say it. */
      accountId: z.string().optional(),
    })
    .nullable(),
  newCase: draftCaseSchema,
  view: draftViewSchema.default(FIRST_VIEW).catch(FIRST_VIEW),
});

export type DraftRow = z.infer<typeof draftRowSchema>;
export type DraftCase = z.infer<typeof draftCaseSchema>;
export type ExportDraft = z.infer<typeof exportDraftSchema>;
type ExportRequest = RequestInput<"exports.start">;
export type NamedCamera = { readonly id: string; readonly name: string };

export function emptyCase(): DraftCase {
  return {
    name: "",
    departmentId: "",
    categoryId: null,
    recordNumber: "",
    incidentNumber: "",
    description: "",
    location: "",
    tagsText: "",
    incident: null,
    customFields: [],
  };
}

/** What the context menu of a tile starts a draft with. */
export interface DraftStart {
  readonly camera: NamedCamera;
  readonly offered: OfferedRange | null;
  readonly startedBy: string;
}

export function newDraft(requestId: string, { camera, offered, startedBy }: DraftStart): ExportDraft {
  return {
    version: 1,
    requestId,
    startedBy,
    hasChanges: false,
    step: "cameras",
    rows: [
      rowFor(camera, {
        ...NO_TIMES,
        startUtcMs: offered?.startUtcMs ?? null,
        endUtcMs: offered?.endUtcMs ?? null,
      }),
    ],
    offered,
    association: "existing",
    existingCase: null,
    newCase: emptyCase(),
    view: FIRST_VIEW,
  };
}

/** Another step begins with nothing in hand. */
export function viewOfNextStep(view: DraftView): DraftView {
  return { ...view, selectedIds: [], anchorId: null, adding: null };
}

/** Start and end of a row: what they mean, and how they were typed. */
export type RowTimes = Pick<DraftRow, "startUtcMs" | "endUtcMs" | "startTyped" | "endTyped">;

const NO_TIMES: RowTimes = { startUtcMs: null, endUtcMs: null, startTyped: null, endTyped: null };

export function timesOf({ startUtcMs, endUtcMs, startTyped, endTyped }: RowTimes): RowTimes {
  return { startUtcMs, endUtcMs, startTyped, endTyped };
}

function rowFor(camera: NamedCamera, times: RowTimes): DraftRow {
  const { id: cameraId, name: cameraName } = camera;
  return { cameraId, cameraName, name: "", description: "", ...timesOf(times), recording: null };
}

/**
 * Adds cameras with the times of the first.
 * @returns the rows, and the names of cameras that were there already and were therefore refused
 */
export function addCameras(
  rows: readonly DraftRow[],
  cameras: readonly NamedCamera[],
): { rows: DraftRow[]; presentNames: string[] } {
  const next = [...rows];
  const presentNames: string[] = [];
  for (const camera of cameras) {
    if (next.some((row) => row.cameraId === camera.id)) presentNames.push(camera.name);
    else next.push(rowFor(camera, next[0] ?? NO_TIMES));
  }
  return { rows: next, presentNames };
}

/** "2 cameras were added. Lobby is in this export already.": what adding did, of those asked for. */
export function additionInWords(addedCount: number, presentNames: readonly string[]): string {
  const added =
    addedCount === 0
      ? "No camera was added."
      : `${formatCount(addedCount, "camera")} ${addedCount === 1 ? "was" : "were"} added.`;
  const [only] = presentNames;
  if (only === undefined) return added;
  const who = presentNames.length === 1 ? `${bidiIsolated(only)} is` : `${presentNames.length} are`;
  return `${added} ${who} in this export already.`;
}

/**
 * Gives every selected camera the times of the first selected one, in the order of the list.
 * @returns new rows; the same rows where nothing is selected
 */
export function syncTimes(rows: readonly DraftRow[], selectedIds: ReadonlySet<string>): DraftRow[] {
  const first = rows.find((row) => selectedIds.has(row.cameraId));
  return rows.map((row) =>
    first !== undefined && selectedIds.has(row.cameraId) ? { ...row, ...timesOf(first) } : row,
  );
}

/** An instant not entered is NaN, which the domain's validation reports as missing. */
export function rangeOf(row: DraftRow): TimeRange {
  return { startUtcMs: row.startUtcMs ?? Number.NaN, endUtcMs: row.endUtcMs ?? Number.NaN };
}

/** From the first start to the last end of the whole export; null where nothing is entered. */
export function incidentOf(draft: ExportDraft): RowTimes {
  if (draft.newCase.incident !== null) return draft.newCase.incident;
  const starts = draft.rows.flatMap((row) => (row.startUtcMs === null ? [] : [row.startUtcMs]));
  const ends = draft.rows.flatMap((row) => (row.endUtcMs === null ? [] : [row.endUtcMs]));
  return {
    ...NO_TIMES,
    startUtcMs: starts.length === 0 ? null : Math.min(...starts),
    endUtcMs: ends.length === 0 ? null : Math.max(...ends),
  };
}

/** "a, b,,A" is two tags. */
export function tagsOf(text: string): string[] {
  return onceEach(text.split(",").map((tag) => tag.trim()));
}

export function newCaseOf(draft: ExportDraft): z.input<typeof newCaseSchema> {
  const { tagsText, incident: _incident, customFields, accountId: _accountId, ...entered } = draft.newCase;
  const incident = incidentOf(draft);
  return {
    ...entered,
    tags: tagsOf(tagsText),
    incidentStartUtcMs: incident.startUtcMs,
    incidentEndUtcMs: incident.endUtcMs,
    customFields: customFields.filter((field) => field.value.trim() !== ""),
  };
}

/** The request that Finish sends; validated by the caller. */
export function exportRequestOf(draft: ExportDraft): ExportRequest {
  return {
    requestId: draft.requestId,
    cameraExports: draft.rows.map((row) => ({
      cameraId: row.cameraId,
      cameraName: row.cameraName,
      name: row.name,
      description: row.description,
      range: rangeOf(row),
      ...(row.recording === null ? {} : { recording: row.recording }),
    })),
    caseAssociation: caseAssociationOf(draft),
  };
}

function caseAssociationOf(draft: ExportDraft): ExportRequest["caseAssociation"] {
  if (draft.association === "new") {
    return { kind: "new", newCase: newCaseOf(draft), accountId: draft.newCase.accountId };
  }
  if (draft.association === "none" || draft.existingCase === null) return { kind: "none" };
  const { caseId, name: caseName, accountId } = draft.existingCase;
  return { kind: "existing", caseId, caseName, accountId };
}
