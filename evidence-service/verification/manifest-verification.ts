/** Whether an evidence's manifest is signed by a known console and true. */
import type { SignedManifest } from "#shared/manifest/signed-manifest.ts";
import { completeEvidenceSchema } from "#shared/clearance-api/evidence.ts";
import { readJson } from "../storage/read-json.ts";
import { deviceOf } from "../api/evidence-records.ts";
import { notFound } from "../http/refusal.ts";
import { isVideoSegment, resourcesOf } from "../api/resource-records.ts";
import { parseEncryptionData } from "../decryption/encryption-metadata.ts";
import { Unreadable } from "../decryption/unreadable.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { differencesOf, nameOf, sentSegments, type StoredSegment } from "./compare-manifest.ts";
import { isRegistered } from "./device-keys.ts";
import { isManifest, readManifest, signatureFault } from "./read-manifest.ts";
import { fileDifferences } from "./stored-hashes.ts";
import type { EvidenceRow, ResourceRow } from "../storage/metadata-rows.ts";

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
  { depth, signal }: { readonly depth: VerificationDepth; readonly signal?: AbortSignal },
): Promise<Verification> {
  const evidence = await evidenceRow(context, evidenceId);
  const rows = await resourcesOf(context, evidenceId);
  const [manifestRow, second] = rows.filter(isManifest);
  const checked = { depth, checkedUtcMs: context.now() };
  const signed = manifestRow === undefined ? null : await readOrFault(context, manifestRow);
  const differences = [
    ...completionDifferences(evidence, rows),
    ...(await manifestDifferences(context, signed, { evidence, rows: rows.filter(isVideoSegment) })),
  ];
  if (second !== undefined) differences.push("There is more than one manifest.");
  const manifest = signed === null || typeof signed === "string" ? null : signed;
  if (depth === "whole") differences.push(...(await byteDifferences(context, { rows, manifest }, signal)));
  const right = signed === null ? "absent" : "verified";
  const outcome = differences.length === 0 ? right : "failed";
  return { ...checked, outcome, keyId: manifest?.signature.keyId ?? null, differences };
}

/** The completion is kept as it came: it lists the evidence's files, whatever rows there are now. */
function completionDifferences({ completionJson }: EvidenceRow, rows: readonly ResourceRow[]): string[] {
  if (completionJson === null) return [];
  const completion = readJson(completeEvidenceSchema, completionJson);
  if (completion === null) return ["What completed the evidence cannot be read any more."];
  const declared = new Map(
    completion.CompleteEvidenceResources.map(({ ResourceId, Checksum }) => [ResourceId, Checksum]),
  );
  const stored = rows.filter(({ state }) => state === "UserCompleted");
  const known = new Set(stored.map(({ resourceId }) => resourceId));
  const gone = [...declared.keys()].filter((id) => !known.has(id));
  const unlike = stored.filter(({ resourceId, checksumHex }) => declared.get(resourceId) !== checksumHex);
  return [
    ...gone.map((id) => `A file of the evidence (${id}) is not known any more.`),
    ...unlike.map((row) =>
      declared.has(row.resourceId)
        ? `The checksum that is kept of ${nameOf(row)} is not the one that it was accepted with.`
        : `${nameOf(row)} was not there when the evidence was completed.`,
    ),
  ];
}

interface EvidenceVideo {
  readonly evidence: EvidenceRow;
  /** Of its segments. */
  readonly rows: readonly ResourceRow[];
}

async function manifestDifferences(
  context: ServiceContext,
  signed: SignedManifest | string | null,
  video: EvidenceVideo,
): Promise<string[]> {
  if (signed === null) return [];
  return typeof signed === "string" ? [signed] : await allDifferences(context, signed, video);
}

/** Of every file that was accepted, attachments and the manifest itself too. */
async function byteDifferences(
  context: ServiceContext,
  { rows, manifest }: { readonly rows: readonly ResourceRow[]; readonly manifest: SignedManifest | null },
  signal: AbortSignal | undefined,
): Promise<string[]> {
  // A manifest that nobody signed says nothing of any file.
  const isTrusted = manifest !== null && signatureFault(manifest) === null;
  const trusted = isTrusted ? sentSegments(manifest.manifest) : [];
  const named = new Map(trusted.map((segment) => [segment.resourceId, segment]));
  const differences: string[] = [];
  for (const row of rows) {
    if (row.state !== "UserCompleted") continue;
    differences.push(
      ...(await fileDifferences(context, { row, segment: named.get(row.resourceId) }, signal)),
    );
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
  signed: SignedManifest,
  { evidence, rows }: EvidenceVideo,
): Promise<string[]> {
  const fault = signatureFault(signed);
  if (fault !== null) return [fault];
  const { manifest, signature } = signed;
  const isKnown = await isRegistered(context, evidence.principalId, signature.keyId);
  const cameraId = deviceOf(evidence).ExternalId;
  const stored: StoredSegment[] = [];
  for (const row of rows) {
    const properties = await context.blobs.properties(row.resourceId);
    stored.push({ row, encryption: properties === null ? null : parseEncryptionData(properties) });
  }
  return [
    ...(isKnown ? [] : ["The manifest is signed with a key that its sender has not registered here."]),
    ...differencesOf(manifest, { ...evidence, cameraId }, stored),
  ];
}

/** How many differences a sentence lists; all of them are kept with the verification. */
const DIFFERENCES_TOLD = 5;

/** Why an evidence is not made available, or null. */
export function refusalOf({ outcome, differences }: Verification): string | null {
  if (outcome !== "failed") return null;
  const more = differences.length - DIFFERENCES_TOLD;
  const told = differences.slice(0, DIFFERENCES_TOLD).join(" ");
  return `The evidence does not agree with its manifest: ${told}${more > 0 ? ` And ${more} more.` : ""}`;
}
