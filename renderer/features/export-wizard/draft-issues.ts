import { validateCameraExport, validateNewCase, type ExportIssue } from "#shared/domain/export-request.ts";
import { entryComplaint } from "#design-system/date-time-field/entered-instant.ts";
import {
  exportRequestOf,
  incidentOf,
  newCaseOf,
  tagsOf,
  type ExportDraft,
  type RowTimes,
  type WizardStep,
} from "./export-draft.ts";

export const CASE_CLOSED_MESSAGE =
  "This case is closed and takes no evidence. Reopen it in the evidence service or select another case.";
export const CASE_NOT_SELECTED_MESSAGE = "Select a case.";
export const TAG_MAX_CHARACTERS = 64;
export const TAG_MAX_COUNT = 64;

/** Why the archive cannot export a range, and the field to change. */
export interface RangeRefusal {
  readonly field: "start" | "end";
  readonly message: string;
}

/** Issues of one camera's row by the field that they stand at. */
export interface RowIssues {
  readonly name: string | null;
  readonly start: string | null;
  readonly end: string | null;
  readonly description: string | null;
}

export interface CaseIssues {
  readonly name: string | null;
  readonly department: string | null;
  readonly recordNumber: string | null;
  readonly incidentNumber: string | null;
  readonly incidentStart: string | null;
  readonly incidentEnd: string | null;
  readonly description: string | null;
  readonly location: string | null;
  readonly tags: string | null;
}

function firstAt(issues: readonly ExportIssue[], field: ExportIssue["field"]): string | null {
  return issues.find((issue) => issue.field === field)?.message ?? null;
}

interface RowSurroundings {
  /** The present. */
  readonly nowUtcMs: number;
  /** Cameras whose range the archive cannot export. */
  readonly refused: ReadonlyMap<string, RangeRefusal>;
  readonly timeZone: string;
}

export function rowIssuesOf(
  draft: ExportDraft,
  { nowUtcMs, refused, timeZone }: RowSurroundings,
): ReadonlyMap<string, RowIssues> {
  return new Map(
    exportRequestOf(draft).cameraExports.map((request, index) => {
      const typed = typedComplaints(draft.rows[index], timeZone, nowUtcMs);
      const issues = validateCameraExport(request, nowUtcMs);
      // The archive is asked only about ranges that are right in themselves.
      const refusal = issues.length === 0 ? refused.get(request.cameraId) : undefined;
      const refusedAt = (field: RangeRefusal["field"]): string | null =>
        refusal?.field === field ? refusal.message : null;
      return [
        request.cameraId,
        {
          name: firstAt(issues, "name"),
          start: typed.start ?? firstAt(issues, "start") ?? refusedAt("start"),
          end: typed.end ?? firstAt(issues, "end") ?? refusedAt("end"),
          description: firstAt(issues, "description"),
        },
      ];
    }),
  );
}

/**
 * What was typed at start and end and is no instant (yet): the sentences say why, or ask which of two is meant.
 * @param latestUtcMs as the fields have it
 */
function typedComplaints(
  times: RowTimes | undefined,
  zone: string,
  latestUtcMs: number | null,
): { readonly start: string | null; readonly end: string | null } {
  if (times === undefined) return { start: null, end: null };
  const { startUtcMs, endUtcMs, startTyped, endTyped } = times;
  return {
    start: entryComplaint(
      { utcMs: startUtcMs, typed: startTyped },
      { zone, role: "moment", dayOfUtcMs: endUtcMs, latestUtcMs },
    ),
    end: entryComplaint(
      { utcMs: endUtcMs, typed: endTyped },
      { zone, role: "end", dayOfUtcMs: startUtcMs, latestUtcMs },
    ),
  };
}

export function hasRowIssue(issues: ReadonlyMap<string, RowIssues>): boolean {
  return [...issues.values()].some((row) => Object.values(row).some((issue) => issue !== null));
}

export function caseIssuesOf(draft: ExportDraft, timeZone: string): CaseIssues {
  const issues = validateNewCase(newCaseOf(draft));
  const typed = typedComplaints(incidentOf(draft), timeZone, null);
  return {
    name: firstAt(issues, "case-name"),
    department: firstAt(issues, "department"),
    recordNumber: firstAt(issues, "record-number"),
    incidentNumber: firstAt(issues, "incident-number"),
    incidentStart: typed.start,
    incidentEnd: typed.end ?? firstAt(issues, "incident"),
    description: firstAt(issues, "case-description"),
    location: firstAt(issues, "location"),
    tags: tagsIssue(draft.newCase.tagsText) ?? firstAt(issues, "tags"),
  };
}

function tagsIssue(text: string): string | null {
  const tags = tagsOf(text);
  if (tags.some((tag) => tag.length > TAG_MAX_CHARACTERS)) {
    return `A tag must not be longer than ${TAG_MAX_CHARACTERS} characters.`;
  }
  return tags.length > TAG_MAX_COUNT ? `A case takes at most ${TAG_MAX_COUNT} tags.` : null;
}

/** Why the chosen existing case cannot be used, or null. */
export function existingCaseIssue(draft: ExportDraft): string | null {
  if (draft.existingCase === null) return CASE_NOT_SELECTED_MESSAGE;
  return draft.existingCase.state === "closed" ? CASE_CLOSED_MESSAGE : null;
}

interface StepSurroundings {
  readonly rowIssues: ReadonlyMap<string, RowIssues>;
  readonly timeZone: string;
}

/** Whether a step holds nothing that has to be put right before the next one. */
export function isStepValid(
  draft: ExportDraft,
  step: WizardStep,
  { rowIssues, timeZone }: StepSurroundings,
): boolean {
  switch (step) {
    case "cameras":
      return draft.rows.length > 0;
    case "times":
      return !hasRowIssue(rowIssues);
    case "association":
      return true;
    case "case":
      return isCaseValid(draft, timeZone);
    case "summary":
      return draft.rows.length > 0 && !hasRowIssue(rowIssues) && isCaseValid(draft, timeZone);
  }
}

function isCaseValid(draft: ExportDraft, timeZone: string): boolean {
  if (draft.association === "none") return true;
  if (draft.association === "existing") return existingCaseIssue(draft) === null;
  return Object.values(caseIssuesOf(draft, timeZone)).every((issue) => issue === null);
}
