/** What the entries of the chain, read one after the other, say that the service holds. */
import { z } from "zod";
import { CONSOLIDATE } from "../jobs/job-kinds.ts";
import { ToldPolicies } from "./told-policies.ts";

const detailSchema = z.record(z.string(), z.union([z.string(), z.number(), z.null()]));
const entrySchema = z.object({ action: z.string(), subject: z.string(), detail: detailSchema.optional() });
type Detail = Readonly<z.infer<typeof detailSchema>>;

/** Completions that were refused for what the files are. */
const REFUSED_FOR_GOOD: ReadonlySet<string> = new Set(["CHECKSUM_REFUSED", "UNREADABLE_REFUSED"]);

/** After them nothing of an evidence is there. */
const REMOVALS: ReadonlySet<string> = new Set(["EVIDENCE_PURGED", "EVIDENCE_REMOVED"]);

const NOTE_TEXTS: ReadonlySet<string> = new Set(["NOTE_ADDED", "NOTE_CORRECTED"]);

export const noteTextKey = (noteId: unknown, version: unknown): string =>
  `${String(noteId)} ${String(version)}`;

export interface ToldEvidence {
  /** Null where an entry of an older version says nothing of it. */
  readonly facts: string | null;
  caseId: string | null;
  state: "Receiving" | "Processing" | "Available" | "Failed" | "Deleted";
  /** What it was before it went into the recycle bin. */
  stateBefore?: ToldEvidence["state"];
  /** What is said of the state; undefined where no entry says it. */
  stateDetail: string | null | undefined;
  completion: string | null;
  verification: string | null;
  /** Whether it was completed, whatever an older entry says of how. */
  isCompleted: boolean;
}

export interface ToldFile {
  readonly facts: string | null;
  readonly evidenceId: string | null;
  lengthBytes: number | null;
  /** How it is decrypted; undefined where no entry says it. */
  encryption?: string | null;
  encryptionProtocol?: string | null;
}

export interface ToldCase {
  facts: string | null;
  state: "Open" | "Closed";
}

export class ToldState {
  readonly evidence = new Map<string, ToldEvidence>();
  readonly files = new Map<string, ToldFile>();
  readonly cases = new Map<string, ToldCase>();
  /** What is told of each text of a note, by the note's id and the number of the text. */
  readonly noteTexts = new Map<string, string | null>();
  /** Ids of keys that consoles sign with. */
  readonly deviceKeys = new Set<string>();
  readonly policies = new ToldPolicies();

  /** @returns whether the entry could be understood */
  take(entryJson: string): boolean {
    const entry = entrySchema.safeParse(JSON.parse(entryJson));
    if (!entry.success) return false;
    const { action, subject, detail = {} } = entry.data;
    this.#begin(action, subject, detail);
    this.#changeEvidence(action, subject, detail);
    this.policies.take(action, subject, detail);
    if (action === "DEVICE_KEY_REGISTERED") this.deviceKeys.add(subject);
    if (NOTE_TEXTS.has(action)) {
      this.noteTexts.set(noteTextKey(detail["noteId"], detail["version"]), text(detail["facts"]));
    }
    const known = this.cases.get(subject);
    if (known !== undefined && action === "CASE_CHANGED") known.facts = text(detail["facts"]);
    if (known !== undefined && action === "CASE_CLOSED") known.state = "Closed";
    if (known !== undefined && action === "CASE_REOPENED") known.state = "Open";
    return true;
  }

  #begin(action: string, subject: string, detail: Detail): void {
    const facts = text(detail["facts"]);
    if (action === "CASE_CREATED") this.cases.set(subject, { facts, state: "Open" });
    if (action === "RESOURCE_CREATED") {
      this.files.set(subject, { facts, evidenceId: text(detail["evidenceId"]), lengthBytes: null });
    }
    if (action !== "EVIDENCE_CREATED") return;
    const caseId = text(detail["caseId"]);
    const fresh = { completion: null, verification: null, isCompleted: false };
    this.evidence.set(subject, { facts, caseId, state: "Receiving", stateDetail: null, ...fresh });
  }

  #changeEvidence(action: string, subject: string, detail: Detail): void {
    if (REMOVALS.has(action)) return this.#purge(subject);
    const file = this.files.get(subject);
    if (file !== undefined) changeFile(file, action, detail);
    const evidence = this.evidence.get(REFUSED_FOR_GOOD.has(action) ? String(detail["evidenceId"]) : subject);
    if (evidence === undefined) return;
    if (action === "EVIDENCE_BINNED") {
      Object.assign(evidence, { state: "Deleted", stateBefore: evidence.state });
    }
    if (action === "EVIDENCE_TAKEN_BACK") evidence.state = evidence.stateBefore ?? evidence.state;
    if (action === "EVIDENCE_UNLINKED") evidence.caseId = null;
    if (action === "EVIDENCE_LINKED") evidence.caseId = text(detail["caseId"]);
    if (REFUSED_FOR_GOOD.has(action) && !evidence.isCompleted) {
      Object.assign(evidence, { state: "Failed", stateDetail: undefined });
    }
    if (action === "EVIDENCE_COMPLETED") {
      const completion = text(detail["facts"]);
      Object.assign(evidence, { state: "Processing", stateDetail: null, isCompleted: true, completion });
    }
    if (action === "EVIDENCE_CONSOLIDATED") {
      Object.assign(evidence, { state: "Available", stateDetail: toldText(detail, "damaged") });
    }
    // Of the jobs only the joining of a video changes what is said of an evidence.
    if (action === "JOB_STARTED_ANEW" && detail["kind"] === CONSOLIDATE && evidence.state === "Failed") {
      Object.assign(evidence, { state: "Processing", stateDetail: null });
    }
    if (action === "CONSOLIDATION_FAILED") {
      Object.assign(evidence, { state: "Failed", stateDetail: toldText(detail, "failure") });
    }
    const verified = text(detail["verification"]);
    if (verified !== null) evidence.verification = verified;
  }

  #purge(evidenceId: string): void {
    this.evidence.delete(evidenceId);
    for (const [id, file] of this.files) if (file.evidenceId === evidenceId) this.files.delete(id);
  }
}

function changeFile(file: ToldFile, action: string, detail: Detail): void {
  if (action === "RESOURCE_COMPLETED") file.lengthBytes = number(detail["lengthBytes"]);
  else if (action !== "ENCRYPTION_SET") return;
  if ("encryption" in detail) file.encryption = text(detail["encryption"]);
  if ("encryptionProtocol" in detail) file.encryptionProtocol = text(detail["encryptionProtocol"]);
}

function text(value: string | number | null | undefined): string | null {
  return typeof value === "string" ? value : null;
}

/** @returns undefined where an entry of an older version says nothing of it */
function toldText(detail: Detail, name: string): string | null | undefined {
  return name in detail ? text(detail[name]) : undefined;
}

function number(value: string | number | null | undefined): number | null {
  return typeof value === "number" ? value : null;
}
