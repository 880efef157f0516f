/** Who may do what with which case or evidence, as the entries of the chain say it. */
import { z } from "zod";

type Detail = Readonly<Record<string, string | number | null>>;

const begunSchema = z.record(z.string(), z.string());

/** What an entry says that something begins with; the creation of each is of one kind. */
const BEGINNINGS: ReadonlyMap<string, string> = new Map([
  ["CASE_CREATED", "case"],
  ["EVIDENCE_CREATED", "evidence"],
]);

export class ToldPolicies {
  /** What a policy gives, in words, by what it is for and who holds it. */
  readonly #given = new Map<string, Map<string, string>>();

  take(action: string, subject: string, detail: Detail): void {
    const kind = BEGINNINGS.get(action);
    if (kind !== undefined && typeof detail["access"] === "string") {
      const begun = begunSchema.parse(JSON.parse(detail["access"]));
      this.#given.set(scopeOf(kind, subject), new Map(Object.entries(begun)));
    }
    if (action === "EVIDENCE_PURGED" || action === "EVIDENCE_REMOVED")
      this.#given.delete(scopeOf("evidence", subject));
    if (action !== "ACCESS_CHANGED") return;
    const { scope = "", holder = "", after } = detail;
    // What is of no single thing has its own name as its subject.
    const key = scopeOf(String(scope), subject === scope ? "" : subject);
    const holders = this.#given.get(key) ?? new Map<string, string>();
    if (typeof after === "string") holders.set(String(holder), after);
    else holders.delete(String(holder));
    this.#given.set(key, holders);
  }

  /** What the trail says of one, which is asked for once; null where it says nothing. */
  takeOut({ kind, id }: { readonly kind: string; readonly id: string }, holder: string): string | null {
    const holders = this.#given.get(scopeOf(kind, id));
    const said = holders?.get(holder) ?? null;
    holders?.delete(holder);
    return said;
  }

  /** Those that nobody asked for: what they are for, and whose they are. */
  *left(): Generator<readonly [scope: string, holder: string]> {
    for (const [scope, holders] of this.#given) {
      for (const holder of holders.keys()) yield [scope, holder];
    }
  }
}

const scopeOf = (kind: string, id: string): string => (id === "" ? kind : `${kind} ${id}`);
