/** A value typed into a custom field of a case. */
export interface CustomFieldValue {
  readonly name: string;
  readonly value: string;
}

/** What an operator fills in for a case that Finish creates (S12). Names at most 256 characters. */
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

/** Which case the evidence goes to (S10). Ids are those of one account, and mean nothing at another. */
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
