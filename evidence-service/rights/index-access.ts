/**
 * Enters a change of one policy into the index of what each holder sees, for the rows that are there. A case has thousands of
 * them, so it is done in bits between which others are answered; it commits as a whole.
 */
import { LoopTurn } from "../storage/loop-turn.ts";
import type { AccessIndexTable } from "../storage/access-tables.ts";
import type { MetadataTransaction } from "../storage/metadata-tables.ts";
import type { Grant, Scope } from "./policy.ts";

const BIT = 20;

interface PolicyRow {
  readonly scope: Scope;
  readonly holder: number;
}

/** Before the policy is taken away. */
export async function forgetRows(transaction: MetadataTransaction, row: PolicyRow): Promise<void> {
  const { holder } = row;
  for await (const { kind, seqs } of rowsUnder(transaction, row.scope)) {
    await transaction
      .deleteFrom("accessIndex")
      .where("holder", "=", holder)
      .where("kind", "=", kind)
      .where("seq", "in", seqs)
      .execute();
  }
}

/** After the policy was changed; the words of the rows say anew who sees them. */
export async function indexRows(
  transaction: MetadataTransaction,
  { scope, holder }: PolicyRow,
  grant: Grant | null,
): Promise<void> {
  for await (const { kind, seqs } of rowsUnder(transaction, scope)) {
    if (grant !== null) await enter(transaction, { kind, seqs, holder, grant });
    await (kind === "case"
      ? transaction
          .updateTable("caseFile")
          .set((row) => ({ searchText: row.ref("searchText") }))
          .where("seq", "in", seqs)
          .execute()
      : transaction
          .updateTable("evidence")
          .set((row) => ({ searchText: row.ref("searchText") }))
          .where("seq", "in", seqs)
          .execute());
  }
}

interface Entered extends Bit {
  readonly holder: number;
  readonly grant: Grant;
}

async function enter(
  transaction: MetadataTransaction,
  { kind, seqs, holder, grant }: Entered,
): Promise<void> {
  const { fromUtcMs, untilUtcMs, recordedFromUtcMs } = grant;
  const seen =
    kind === "case" || recordedFromUtcMs === null
      ? seqs
      : (
          await transaction
            .selectFrom("evidence")
            .select("seq")
            .where("seq", "in", seqs)
            .where("endUtcMs", ">", recordedFromUtcMs)
            .execute()
        ).map(({ seq }) => seq);
  if (seen.length === 0) return;
  await transaction
    .insertInto("accessIndex")
    .values(seen.map((seq) => ({ holder, kind, seq, fromUtcMs, untilUtcMs })))
    .execute();
}

interface Bit {
  readonly kind: AccessIndexTable["kind"];
  readonly seqs: number[];
}

/** The rows that are under a scope, but those in the recycle bin; departments and what is unfiled have none: they are what others begin with. */
async function* rowsUnder(transaction: MetadataTransaction, { kind, id }: Scope): AsyncGenerator<Bit> {
  if (kind === "case") {
    const row = await transaction
      .selectFrom("caseFile")
      .select("seq")
      .where("caseId", "=", id)
      .executeTakeFirst();
    if (row !== undefined) yield { kind: "case", seqs: [row.seq] };
    yield* evidenceOf(transaction, id);
  }
  if (kind !== "evidence") return;
  const row = await transaction
    .selectFrom("evidence")
    .select("seq")
    .where("evidenceId", "=", id)
    .where("caseId", "is", null)
    .where("lifecycleState", "!=", "Deleted")
    .executeTakeFirst();
  if (row !== undefined) yield { kind: "loose", seqs: [row.seq] };
}

async function* evidenceOf(transaction: MetadataTransaction, caseId: string): AsyncGenerator<Bit> {
  const turn = new LoopTurn();
  for (let after = 0; ;) {
    await turn.giveWay();
    const rows = await transaction
      .selectFrom("evidence")
      .select("seq")
      .where("caseId", "=", caseId)
      .where("lifecycleState", "!=", "Deleted")
      .where("seq", ">", after)
      .orderBy("seq")
      .limit(BIT)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    yield { kind: "filed", seqs: rows.map(({ seq }) => seq) };
    after = last.seq;
  }
}
