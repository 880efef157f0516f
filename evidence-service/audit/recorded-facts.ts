/**
 * What the audit trail says of a row, in one figure: the SHA-256 of the columns that never change after the entry was
 * written. Rows that somebody changed beside the service are found by it.
 */
import { createHash } from "node:crypto";
import { levelOf } from "../http/actions.ts";
import type { AccessPolicyTable, RightHolderTable } from "../storage/access-tables.ts";
import type { CaseNoteTable, CaseNoteTextTable } from "../storage/casework-tables.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import type {
  CaseTable,
  EvidenceTable,
  ResourceTable,
  VerificationTable,
} from "../storage/metadata-tables.ts";
import type { UnnumberedRow } from "../storage/metadata-rows.ts";
import { sortedJson } from "./audit-chain.ts";

function digest(facts: Readonly<Record<string, unknown>>): string {
  return createHash("sha256").update(sortedJson(facts)).digest("hex");
}

/** Without what has entries of its own: its case, its state, its completion. */
export function evidenceFacts(row: UnnumberedRow<EvidenceTable>): string {
  const { externalId, principalId, name, description, startUtcMs, endUtcMs, deviceJson, createdBy } = row;
  const { createdOnBehalfOf, createdUtcMs } = row;
  const said = { externalId, principalId, name, description, startUtcMs, endUtcMs, deviceJson, createdBy };
  return digest({ ...said, createdOnBehalfOf, createdUtcMs });
}

/** Without its state, and since when it is in it. */
export function caseFacts(row: UnnumberedRow<Omit<CaseTable, "closedUtcMs">>): string {
  const { externalId, principalId, name, departmentId, categoryId, recordNumber, incidentNumber } = row;
  const { incidentStartUtcMs, incidentEndUtcMs, description, location, tagsJson, customFieldsJson } = row;
  const { createdBy, createdOnBehalfOf, createdUtcMs } = row;
  const said = { externalId, principalId, name, departmentId, categoryId, recordNumber, incidentNumber };
  const when = { incidentStartUtcMs, incidentEndUtcMs, createdBy, createdOnBehalfOf, createdUtcMs };
  return digest({ ...said, ...when, description, location, tagsJson, customFieldsJson });
}

/** A text of a note, and whose note it is. */
export function noteFacts(
  row: Omit<CaseNoteTable, "seq"> & Pick<CaseNoteTextTable, "version" | "text" | "writtenUtcMs">,
): string {
  const { noteId, caseId, author, authorName, version, text, writtenUtcMs } = row;
  return digest({ noteId, caseId, author, authorName, version, text, writtenUtcMs });
}

/** A holder of a right: `user:anna`, `everyone`. */
export const holderFacts = ({ kind, id }: Pick<RightHolderTable, "kind" | "id">): string =>
  id === "" ? kind : `${kind}:${id}`;

/** What a policy gives, and when, in words. */
export function policyFacts({
  level,
  fromUtcMs,
  untilUtcMs,
  recordedFromUtcMs,
}: Omit<AccessPolicyTable, "scopeKind" | "scopeId" | "holder">): string {
  const instants = [
    ["from", fromUtcMs],
    ["until", untilUtcMs],
    ["recorded from", recordedFromUtcMs],
  ] as const;
  const told = instants.flatMap(([word, utcMs]) => (utcMs === null ? [] : [`${word} ${isoInstant(utcMs)}`]));
  return [levelOf(level), ...told].join(" ");
}

export function fileFacts(
  row: Pick<ResourceTable, "evidenceId" | "externalId" | "name" | "mimeType" | "startUtcMs" | "endUtcMs">,
): string {
  const { evidenceId, externalId, name, mimeType, startUtcMs, endUtcMs } = row;
  return digest({ evidenceId, externalId, name, mimeType, startUtcMs, endUtcMs });
}

/**
 * How a file is decrypted. Of the key, which is wrapped in there, nothing can be told from it.
 * @param encryption what its metadata say; undefined where they say nothing
 */
export function encryptionFacts(encryption: unknown): string | null {
  return encryption === undefined ? null : digest({ encryption });
}

/** What completed an evidence: the list of its files with their checksums. */
export function completionFacts(completionJson: string): string {
  return digest({ completionJson });
}

export function verificationFacts(row: Omit<VerificationTable, "evidenceId">): string {
  const { outcome, depth, checkedUtcMs, keyId, differencesJson } = row;
  return digest({ outcome, depth, checkedUtcMs, keyId, differencesJson });
}
