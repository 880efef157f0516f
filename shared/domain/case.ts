import { characterNumber, hiddenCharacterIssue } from "./names.ts";

/** A value typed into a custom field of a case. */
export interface CustomFieldValue {
  readonly name: string;
  readonly value: string;
}

/** What an operator fills in for a case that Finish creates. Names at most 256 characters. */
export interface NewCase {
  readonly name: string;
  readonly departmentId: string;
  readonly categoryId: string | null;
  readonly recordNumber: string;
  readonly incidentNumber: string;
  readonly incidentStartUtcMs: number | null;
  readonly incidentEndUtcMs: number | null;
  readonly description: string;
  readonly location: string;
  readonly tags: readonly string[];
  readonly customFields: readonly CustomFieldValue[];
}

/**
 * Letters, digits and what stands between them in numbers as they are written, e.g. `2026-117`, `CAD 26/1234`, `#7.2`:
 * hyphens, slashes, dots, underscores, colons, number signs and single blanks, none of them at the end (decision 31).
 */
const INCIDENT_NUMBER = /^[\p{L}\p{N}#](?:[\p{L}\p{M}\p{N}\-/._:# ]{0,254}[\p{L}\p{M}\p{N}])?$/u;

const INCIDENT_NUMBER_MESSAGE =
  "The incident number may hold letters, digits and - / . _ : # between them, at most 256 characters.";

/** Empty is one too: no number was given. */
function isIncidentNumber(text: string): boolean {
  return text === "" || (INCIDENT_NUMBER.test(text) && text !== "#" && !text.includes("  "));
}

/** Dashes of every width, as word processors make them of a hyphen, and the minus sign. */
const DASHES = /[\p{Pd}\u2212]/gu;
/** A blank of any width, as it is copied from pages and word processors. */
const BLANKS = /\p{Zs}/gu;
const NOT_IN_INCIDENT_NUMBER = /[^\p{L}\p{M}\p{N}\-/._:# ]/u;

/** Text with hyphens where other dashes were: in a number they are all the same to whoever reads it. */
export const withPlainDashes = (text: string): string => text.replaceAll(DASHES, "-");

/** Text as a number is entered: hyphens and plain blanks for their like, each in its place. */
export const withPlainSigns = (text: string): string => withPlainDashes(text).replaceAll(BLANKS, " ");

/** @returns why the text is no incident number, naming the character that is in the way; null for one that is */
export function incidentNumberIssue(text: string): string | null {
  if (isIncidentNumber(text)) return null;
  const hidden = hiddenCharacterIssue("The incident number", text);
  if (hidden !== null) return hidden;
  const [refused] = NOT_IN_INCIDENT_NUMBER.exec(text) ?? [];
  if (refused === undefined) return INCIDENT_NUMBER_MESSAGE;
  const named = `The incident number must not hold “${refused}” (${characterNumber(refused)})`;
  return withPlainDashes(refused) === "-"
    ? `${named}. Write “-” instead.`
    : `${named}. ${INCIDENT_NUMBER_MESSAGE}`;
}

/** Which case the evidence goes to. Ids are those of one account, and mean nothing at another. */
export type CaseAssociation =
  | {
      readonly kind: "existing";
      readonly caseId: string;
      readonly caseName: string;
      readonly accountId?: string | undefined;
    }
  | { readonly kind: "new"; readonly newCase: NewCase; readonly accountId?: string | undefined }
  | { readonly kind: "none" };

export interface CaseSummary {
  /** Whose case it is. */
  readonly accountId: string;
  readonly caseId: string;
  readonly name: string;
  readonly state: "open" | "closed";
  readonly department: string;
  readonly category: string | null;
  readonly recordNumber: string;
  readonly createdUtcMs: number;
}

/** A field that an account's template adds to a case. */
export interface CustomField {
  readonly name: string;
  readonly type: string;
}

/** A default field whose label the account changed. */
export interface RenamedField {
  readonly fieldId: string;
  readonly customName: string;
}

/** What the wizard needs to draw the form of a new case. */
export interface CaseForm {
  /** Whose departments, categories and fields these are. */
  readonly accountId: string;
  readonly departments: readonly { readonly id: string; readonly name: string }[];
  readonly categories: readonly { readonly id: string; readonly name: string }[];
  readonly customFields: readonly CustomField[];
  readonly renamedFields: readonly RenamedField[];
}
