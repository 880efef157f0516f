import { ARCHIVE_ENTITY_NAME } from "./brand.ts";
import { type CaseAssociation, incidentNumberIssue, type NewCase } from "./case.ts";
import { withPlainBlanks } from "./names-alike.ts";
import { hiddenCharacterIssue } from "./names.ts";
import { durationMs, EXPORT_MAX_MS, type TimeRange } from "./time-range.ts";

/** One camera, one range, a name, a description; becomes one evidence in the service. */
export interface CameraExportRequest {
  readonly cameraId: string;
  readonly cameraName: string;
  readonly name: string;
  readonly description: string;
  readonly range: TimeRange;
  /** Name of the one recording that is meant, which the archive hides; without it what the archive shows. */
  readonly recording?: string | undefined;
}

/** What the evidence is called: as was entered, or as its camera where nothing was that anybody could see. */
export function evidenceNameOf({ name, cameraName }: CameraExportRequest): string {
  const entered = withPlainBlanks(name);
  return entered === "" ? cameraName : entered;
}

/** What one pass through the wizard asks for. `requestId` makes Finish pressed twice one export. */
export interface ExportRequest {
  readonly requestId: string;
  readonly cameraExports: readonly CameraExportRequest[];
  readonly caseAssociation: CaseAssociation;
}

export type ExportIssueCode =
  | "NO_CAMERA"
  | "START_MISSING"
  | "END_MISSING"
  | "END_NOT_AFTER_START"
  | "RANGE_TOO_LONG"
  | "RANGE_IN_FUTURE"
  | "CAMERA_TWICE"
  | "NAME_TOO_LONG"
  | "HIDDEN_CHARACTER"
  | "NO_FOOTAGE"
  | "CASE_NAME_MISSING"
  | "CASE_NAME_TOO_LONG"
  | "CASE_NAME_SPACES"
  | "DEPARTMENT_MISSING"
  | "INCIDENT_NUMBER_INVALID"
  | "INCIDENT_END_NOT_AFTER_START";

/** What is wrong with a request: where, a stable code and a sentence for the operator. */
export interface ExportIssue {
  readonly code: ExportIssueCode;
  readonly message: string;
  readonly cameraId?: string;
  readonly field:
    | "cameras"
    | "name"
    | "start"
    | "end"
    | "description"
    | "case-name"
    | "department"
    | "record-number"
    | "incident-number"
    | "incident"
    | "case-description"
    | "location"
    | "tags"
    | "custom-field";
}

export const NAME_MAX_CHARACTERS = 256;

/** As the product is documented, to the letter. */
export const RANGE_TOO_LONG_MESSAGE = `Export range for ${ARCHIVE_ENTITY_NAME} must be shorter than 1 days`;

export const CAMERA_TWICE_MESSAGE =
  "This camera is already in this export. Create a new export to send another time range of the same camera.";

/**
 * Checks one camera export by itself, without asking the archive.
 * @param nowUtcMs the present; footage of the future cannot be asked for
 * @returns the issues, empty when it can be sent
 */
export function validateCameraExport(request: CameraExportRequest, nowUtcMs: number): ExportIssue[] {
  const issues: ExportIssue[] = [];
  const report = (code: ExportIssueCode, field: ExportIssue["field"], message: string) =>
    issues.push({ code, field, message, cameraId: request.cameraId });
  const { startUtcMs, endUtcMs } = request.range;
  if (!Number.isFinite(startUtcMs)) report("START_MISSING", "start", "Enter the start.");
  if (!Number.isFinite(endUtcMs)) report("END_MISSING", "end", "Enter the end.");
  if (endUtcMs <= startUtcMs) report("END_NOT_AFTER_START", "end", "The end must be after the start.");
  else if (durationMs(request.range) > EXPORT_MAX_MS) report("RANGE_TOO_LONG", "end", RANGE_TOO_LONG_MESSAGE);
  if (endUtcMs > nowUtcMs) report("RANGE_IN_FUTURE", "end", "The end must not be in the future.");
  if ([...request.name].length > NAME_MAX_CHARACTERS) {
    report("NAME_TOO_LONG", "name", `The name must not be longer than ${NAME_MAX_CHARACTERS} characters.`);
  }
  const inName = hiddenCharacterIssue("The name", request.name);
  if (inName !== null) report("HIDDEN_CHARACTER", "name", inName);
  const inDescription = hiddenCharacterIssue("The description", request.description);
  if (inDescription !== null) report("HIDDEN_CHARACTER", "description", inDescription);
  return issues;
}

/** What comes along when a name is copied. Tabs and marks that cannot be seen have a sentence of their own. */
const OUTER_SPACE = /^\p{Zs}|\p{Zs}$/u;

/** Checks what the operator entered for a new case. */
export function validateNewCase(newCase: NewCase): ExportIssue[] {
  const issues: ExportIssue[] = [];
  if (newCase.name.trim() === "") {
    issues.push({ code: "CASE_NAME_MISSING", field: "case-name", message: "Enter a name for the case." });
  } else if (OUTER_SPACE.test(newCase.name)) {
    issues.push({
      code: "CASE_NAME_SPACES",
      field: "case-name",
      message: "The case name must not start or end with a space.",
    });
  }
  if ([...newCase.name].length > NAME_MAX_CHARACTERS) {
    issues.push({
      code: "CASE_NAME_TOO_LONG",
      field: "case-name",
      message: `The case name must not be longer than ${NAME_MAX_CHARACTERS} characters.`,
    });
  }
  if (newCase.departmentId === "") {
    issues.push({ code: "DEPARTMENT_MISSING", field: "department", message: "Select a department." });
  }
  const inNumber = incidentNumberIssue(newCase.incidentNumber);
  if (inNumber !== null) {
    issues.push({
      code: "INCIDENT_NUMBER_INVALID",
      field: "incident-number",
      message: OUTER_SPACE.test(newCase.incidentNumber)
        ? "The incident number must not start or end with a space."
        : inNumber,
    });
  }
  issues.push(...hiddenInCase(newCase));
  const { incidentStartUtcMs, incidentEndUtcMs } = newCase;
  if (incidentStartUtcMs !== null && incidentEndUtcMs !== null && incidentEndUtcMs < incidentStartUtcMs) {
    issues.push({
      code: "INCIDENT_END_NOT_AFTER_START",
      field: "incident",
      message: "The incident must not end before it starts.",
    });
  }
  return issues;
}

function hiddenInCase(newCase: NewCase): ExportIssue[] {
  const texts: EnteredText[] = [
    { field: "case-name", called: "The case name", text: newCase.name },
    { field: "record-number", called: "This number", text: newCase.recordNumber },
    { field: "case-description", called: "The description", text: newCase.description, mayBreak: true },
    { field: "location", called: "The location", text: newCase.location },
    ...newCase.tags.map((text) => ({ field: "tags", called: "A tag", text }) as const),
    ...newCase.customFields.map(({ name, value }) => {
      return { field: "custom-field", called: name, text: value, mayBreak: true } as const;
    }),
  ];
  return texts.flatMap(({ field, called, text, mayBreak = false }) => {
    const message = hiddenCharacterIssue(called, text, { mayBreak });
    return message === null ? [] : [{ code: "HIDDEN_CHARACTER", field, message }];
  });
}

/** Of one field, with the name that the field has in messages. */
interface EnteredText {
  readonly field: ExportIssue["field"];
  readonly called: string;
  readonly text: string;
  /** It may have several lines. */
  readonly mayBreak?: boolean;
}

/**
 * Checks a whole request. The wizard calls it as the operator types; the main process calls it
 * again, because it trusts nobody.
 */
export function validateExportRequest(request: ExportRequest, nowUtcMs: number): ExportIssue[] {
  const issues: ExportIssue[] = [];
  if (request.cameraExports.length === 0) {
    issues.push({ code: "NO_CAMERA", field: "cameras", message: "Add at least one camera." });
  }
  const seen = new Set<string>();
  for (const cameraExport of request.cameraExports) {
    if (seen.has(cameraExport.cameraId)) {
      issues.push({
        code: "CAMERA_TWICE",
        field: "cameras",
        message: CAMERA_TWICE_MESSAGE,
        cameraId: cameraExport.cameraId,
      });
    }
    seen.add(cameraExport.cameraId);
    issues.push(...validateCameraExport(cameraExport, nowUtcMs));
  }
  if (request.caseAssociation.kind === "new")
    issues.push(...validateNewCase(request.caseAssociation.newCase));
  return issues;
}
