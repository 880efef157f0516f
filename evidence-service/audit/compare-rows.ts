/** Where the rows of the service say something else than its audit trail. */
import { sql } from "kysely";
import { encryptionIn } from "../decryption/encryption-metadata.ts";
import { keyIdOf } from "../storage/device-key-id.ts";
import type { Metadata, ResourceTable } from "../storage/metadata-tables.ts";
import {
  caseFacts,
  completionFacts,
  encryptionFacts,
  evidenceFacts,
  fileFacts,
  holderFacts,
  noteFacts,
  policyFacts,
  verificationFacts,
} from "./recorded-facts.ts";
import { noteTextKey, type ToldFile, type ToldState } from "./told-state.ts";

const PAGE = 1_000;
/** One fault of each kind says enough; a folder of another service would fill the terminal. */
const MOST_FINDINGS = 200;

/** @returns sentences, at most 200 */
export async function rowDifferences(db: Metadata, told: ToldState): Promise<string[]> {
  const found: string[] = [];
  for await (const sentence of differences(db, told)) {
    found.push(sentence);
    if (found.length === MOST_FINDINGS) break;
  }
  return found;
}

async function* differences(db: Metadata, told: ToldState): AsyncGenerator<string> {
  yield* caseDifferences(db, told);
  yield* noteDifferences(db, told);
  yield* evidenceDifferences(db, told);
  yield* fileDifferences(db, told);
  yield* keyDifferences(db, told);
  yield* policyDifferences(db, told);
}

async function* caseDifferences(db: Metadata, told: ToldState): AsyncGenerator<string> {
  const missing = new Set(told.cases.keys());
  for await (const row of pages((after) =>
    db.selectFrom("caseFile").selectAll().where("seq", ">", after).orderBy("seq").limit(PAGE).execute(),
  )) {
    const name = `The case “${row.name}” (${row.caseId})`;
    const said = told.cases.get(row.caseId);
    missing.delete(row.caseId);
    if (said === undefined) yield `${name} was never created.`;
    else if (said.facts !== null && said.facts !== caseFacts(row)) yield `${name} was changed.`;
    else if (said.state !== row.state) yield `${name} is ${row.state}; the trail says ${said.state}.`;
  }
  for (const caseId of missing) yield `The case ${caseId} is missing.`;
}

async function* noteDifferences(db: Metadata, told: ToldState): AsyncGenerator<string> {
  const missing = new Set(told.noteTexts.keys());
  for await (const row of pages((after) =>
    db
      .selectFrom("caseNoteText")
      .innerJoin("caseNote", "caseNote.noteId", "caseNoteText.noteId")
      .select(["caseNote.noteId", "caseId", "author", "authorName"])
      .select(["caseNoteText.seq", "version", "text", "writtenUtcMs"])
      .where("caseNoteText.seq", ">", after)
      .orderBy("caseNoteText.seq")
      .limit(PAGE)
      .execute(),
  )) {
    const key = noteTextKey(row.noteId, row.version);
    const name = `Text ${row.version} of a note (${row.noteId}) of the case ${row.caseId}`;
    const said = told.noteTexts.get(key);
    missing.delete(key);
    if (said === undefined) yield `${name} was never written.`;
    else if (said !== noteFacts(row)) yield `${name} was changed.`;
  }
  for (const key of missing) yield `The text of a note is missing (${key}).`;
}

async function* evidenceDifferences(db: Metadata, told: ToldState): AsyncGenerator<string> {
  const missing = new Set(told.evidence.keys());
  for await (const row of pages((after) =>
    db.selectFrom("evidence").selectAll().where("seq", ">", after).orderBy("seq").limit(PAGE).execute(),
  )) {
    const name = `The evidence “${row.name}” (${row.evidenceId})`;
    const said = told.evidence.get(row.evidenceId);
    missing.delete(row.evidenceId);
    if (said === undefined) {
      yield `${name} was never created.`;
      continue;
    }
    if (said.facts !== null && said.facts !== evidenceFacts(row)) yield `${name} was changed.`;
    if (said.caseId !== row.caseId) yield `${name} is in another case than the trail says.`;
    if (said.state !== row.lifecycleState) {
      yield `${name} is ${row.lifecycleState}; the trail says ${said.state}.`;
    } else if (said.stateDetail !== undefined && said.stateDetail !== row.lifecycleDetail) {
      yield `${name}: what is said of its state was changed.`;
    }
    if (said.isCompleted !== (row.completionJson !== null)) yield `${name}: its completion was changed.`;
    else if (said.completion !== null && said.completion !== completionFacts(row.completionJson ?? "")) {
      yield `${name}: the checksums that it was completed with were changed.`;
    }
    const verification = await verificationOf(db, row.evidenceId);
    if (said.verification !== verification && (said.verification !== null || verification === null)) {
      yield `${name}: what its latest verification found was changed.`;
    }
  }
  for (const evidenceId of missing) yield `The evidence ${evidenceId} is missing.`;
}

async function verificationOf(db: Metadata, evidenceId: string): Promise<string | null> {
  const row = await db
    .selectFrom("verification")
    .selectAll()
    .where("evidenceId", "=", evidenceId)
    .executeTakeFirst();
  return row === undefined ? null : verificationFacts(row);
}

async function* fileDifferences(db: Metadata, told: ToldState): AsyncGenerator<string> {
  const missing = new Set(told.files.keys());
  for await (const row of pages((after) =>
    db.selectFrom("resource").selectAll().where("seq", ">", after).orderBy("seq").limit(PAGE).execute(),
  )) {
    if (row.state === "Derived") continue;
    const name = `The file “${row.name}” (${row.resourceId})`;
    const said = told.files.get(row.resourceId);
    missing.delete(row.resourceId);
    if (said === undefined) yield `${name} was never announced.`;
    else if (said.facts !== null && said.facts !== fileFacts(row)) yield `${name} was changed.`;
    else if ((said.lengthBytes === null) !== (row.state === "Created"))
      yield `${name} is ${row.state}; the trail says otherwise.`;
    else if (said.lengthBytes !== row.lengthBytes) yield `${name} has another length than the trail says.`;
    else if (await hasOtherChecksum(db, row))
      yield `${name} has another checksum than it was completed with.`;
    else if (await hasOtherEncryption(db, row, said)) yield `${name}: how it is decrypted was changed.`;
  }
  for (const resourceId of missing) yield `The file ${resourceId} is missing.`;
}

/** A manifest that is signed with a key which somebody wrote into the tables would be believed. */
async function* keyDifferences(db: Metadata, told: ToldState): AsyncGenerator<string> {
  for (const { keyId, publicKey, name } of await db.selectFrom("deviceKey").selectAll().execute()) {
    const key = `The key of the console “${name}” (${keyId})`;
    if (!told.deviceKeys.has(keyId)) yield `${key} was never registered.`;
    else if (keyIdOf(publicKey) !== keyId) yield `${key} was changed.`;
  }
}

/** Whoever can write the tables could let themselves in. */
async function* policyDifferences(db: Metadata, told: ToldState): AsyncGenerator<string> {
  for (let after: { scopeKind: string; scopeId: string; holder: number } | null = null; ;) {
    const rows = await policyPage(db, after);
    for (const row of rows) {
      const holder = holderFacts(row);
      const scope = { kind: row.scopeKind, id: row.scopeId };
      const said = told.policies.takeOut(scope, holder);
      const what = `What ${holder} may do with ${`${scope.kind} ${scope.id}`.trimEnd()}`;
      if (said === null) yield `${what} was never given.`;
      else if (said !== policyFacts(row)) yield `${what} was changed.`;
    }
    after = rows.at(-1) ?? null;
    if (after === null) break;
  }
  for (const [scope, holder] of told.policies.left()) yield `What ${holder} may do with ${scope} is missing.`;
}

function policyPage(
  db: Metadata,
  after: { readonly scopeKind: string; readonly scopeId: string; readonly holder: number } | null,
) {
  const page = db
    .selectFrom("accessPolicy")
    .innerJoin("rightHolder", "rightHolder.holder", "accessPolicy.holder")
    .selectAll("accessPolicy")
    .select(["rightHolder.kind", "rightHolder.id"])
    .orderBy("scopeKind")
    .orderBy("scopeId")
    .orderBy("accessPolicy.holder")
    .limit(PAGE);
  if (after === null) return page.execute();
  const { scopeKind, scopeId, holder } = after;
  return page
    .where(
      sql<boolean>`("scopeKind", "scopeId", "accessPolicy"."holder") > (${scopeKind}, ${scopeId}, ${holder})`,
    )
    .execute();
}

async function hasOtherChecksum(
  db: Metadata,
  row: { readonly evidenceId: string; readonly resourceId: string; readonly checksumHex: string | null },
): Promise<boolean> {
  if (row.checksumHex === null) return false;
  const evidence = await db
    .selectFrom("evidence")
    .select("completionJson")
    .where("evidenceId", "=", row.evidenceId)
    .executeTakeFirst();
  return (
    evidence?.completionJson?.includes(`"Checksum":"${row.checksumHex}","ResourceId":"${row.resourceId}"`) !==
    true
  );
}

/** Blobs in Azure have no row here; what is sealed there nobody changes. */
async function hasOtherEncryption(
  db: Metadata,
  row: Pick<ResourceTable, "resourceId" | "encryptionProtocol">,
  { encryption, encryptionProtocol }: ToldFile,
): Promise<boolean> {
  if (encryptionProtocol !== undefined && encryptionProtocol !== row.encryptionProtocol) return true;
  if (encryption === undefined) return false;
  const blob = await db
    .selectFrom("blob")
    .select("metadataJson")
    .where("blobName", "=", row.resourceId)
    .executeTakeFirst();
  return blob !== undefined && encryptionFacts(encryptionIn(blob.metadataJson)) !== encryption;
}

async function* pages<Row extends { readonly seq: number }>(
  read: (afterSeq: number) => Promise<Row[]>,
): AsyncGenerator<Row> {
  let after = 0;
  for (;;) {
    const rows = await read(after);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.seq;
  }
}
