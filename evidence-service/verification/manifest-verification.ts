/** Whether the manifest of an evidence is signed by a known console and true. */
import { createEvidenceSchema } from "#shared/clearance-api/evidence.ts";
import type { SignedManifest } from "#shared/manifest/signed-manifest.ts";
import type { EvidenceRow } from "../api/evidence-records.ts";
import { notFound } from "../api/refusal.ts";
import { parseEncryptionData, resourcesOf, type ResourceRow } from "../api/resource-records.ts";
import { isVideoSegment } from "../consolidation/consolidated-videos.ts";
import { Unreadable } from "../consolidation/unreadable.ts";
import type { ServiceContext } from "../service-context.ts";
import { differencesOf, sentSegments, type StoredSegment } from "./compare-manifest.ts";
import { isRegistered } from "./device-keys.ts";
import { isManifest, readManifest, signatureFault } from "./read-manifest.ts";
import { fileDifferences } from "./stored-hashes.ts";

/**
 * - `stored`: the manifest against the lengths, times and checksums that the service holds (checked when they arrived).
 * - `whole`: as well every stored byte of every file, hashed anew; what the manifest names also decrypted.
 */
export type VerificationDepth = "stored" | "whole";

export interface Verification {
  readonly outcome: "verified" | "failed" | "absent";
  readonly depth: VerificationDepth;
  readonly checkedUtcMs: number;
  /** Of the key that the manifest names, whoever's it is; null when it cannot be read. */
  readonly keyId: string | null;
  /** Sentences; empty unless it failed. */
  readonly differences: readonly string[];
}

/**
 * Checks an evidence against its manifest. An evidence without one is `absent`, not wrong: other
 * programs send none; every stored byte of its files is checked all the same.
 * @throws Refusal 404
 */
export async function verifyEvidence(
  context: ServiceContext,
  evidenceId: string,
  depth: VerificationDepth,
): Promise<Verification> {
  const evidence = await evidenceRow(context, evidenceId);
  const rows = await resourcesOf(context, evidenceId);
  const [manifestRow, second] = rows.filter(isManifest);
  const checked = { depth, checkedUtcMs: context.now() };
  const signed = manifestRow === undefined ? null : await readOrFault(context, manifestRow);
  const differences = await manifestDifferences(context, evidence, signed, rows.filter(isVideoSegment));
  if (second !== undefined) differences.push("There is more than one manifest.");
  const manifest = signed === null || typeof signed === "string" ? null : signed;
  if (depth === "whole") differences.push(...(await byteDifferences(context, rows, manifest)));
  const right = signed === null ? "absent" : "verified";
  const outcome = differences.length === 0 ? right : "failed";
  return { ...checked, outcome, keyId: manifest?.signature.keyId ?? null, differences };
}

async function manifestDifferences(
  context: ServiceContext,
  evidence: EvidenceRow,
  signed: SignedManifest | string | null,
  rows: readonly ResourceRow[],
): Promise<string[]> {
  if (signed === null) return [];
  return typeof signed === "string" ? [signed] : await allDifferences(context, evidence, signed, rows);
}

/** Of every file that was accepted, attachments and the manifest itself too. */
async function byteDifferences(
  context: ServiceContext,
  rows: readonly ResourceRow[],
  signed: SignedManifest | null,
): Promise<string[]> {
  // A manifest that nobody signed says nothing of any file.
  const trusted = signed !== null && signatureFault(signed) === null ? sentSegments(signed.manifest) : [];
  const named = new Map(trusted.map((segment) => [segment.resourceId, segment]));
  const differences: string[] = [];
  for (const row of rows) {
    if (row.state !== "UserCompleted") continue;
    differences.push(...(await fileDifferences(context, row, named.get(row.resourceId))));
  }
  return differences;
}

async function evidenceRow(context: ServiceContext, evidenceId: string): Promise<EvidenceRow> {
  const row = await context.db
    .selectFrom("evidence")
    .selectAll()
    .where("evidenceId", "=", evidenceId)
    .executeTakeFirst();
  if (row === undefined) throw notFound("evidence");
  return row;
}

async function readOrFault(context: ServiceContext, row: ResourceRow): Promise<SignedManifest | string> {
  try {
    return await readManifest(context, row);
  } catch (error) {
    if (error instanceof Unreadable) return error.message;
    throw error;
  }
}

/** A manifest whose signature is wrong says nothing: what stands in it is not compared any more. */
async function allDifferences(
  context: ServiceContext,
  evidence: EvidenceRow,
  signed: SignedManifest,
  rows: readonly ResourceRow[],
): Promise<string[]> {
  const fault = signatureFault(signed);
  if (fault !== null) return [fault];
  const { manifest, signature } = signed;
  const isKnown = await isRegistered(context, evidence.principalId, signature.keyId);
  const cameraId = createEvidenceSchema.shape.Device.parse(JSON.parse(evidence.deviceJson)).ExternalId;
  const stored: StoredSegment[] = [];
  for (const row of rows) {
    const properties = await context.blobs.properties(row.resourceId);
    stored.push({ row, encryption: properties === null ? null : parseEncryptionData(properties) });
  }
  return [
    ...(isKnown ? [] : ["The manifest is signed with a key that its sender has not registered here."]),
    ...differencesOf(manifest, evidence, cameraId, stored),
  ];
}

/** Why an evidence is not made available, or null. */
export function refusalOf({ outcome, differences }: Verification): string | null {
  return outcome === "failed"
    ? `The evidence does not agree with its manifest: ${differences.join(" ")}`
    : null;
}
