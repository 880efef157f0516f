/** What of the audit trail an address shows: whose history it is, and by what it is filtered. */

export interface AuditOf {
  readonly kind: "trail" | "case" | "evidence" | "person";
  /** Of the case, the evidence or the person; empty for the whole trail. */
  readonly id: string;
}

const KINDS = ["case", "evidence", "person"] as const;
export const WHOLE_TRAIL: AuditOf = { kind: "trail", id: "" };

/** As they stand in the form; empty for what is not filtered by. */
export interface AuditFilterTexts {
  readonly action: string;
  readonly actor: string;
  readonly text: string;
  /** Days in the chosen time zone, YYYY-MM-DD. */
  readonly from: string;
  readonly until: string;
  /** "true": only what somebody should look at. */
  readonly suspicious: string;
}

export const NO_FILTER: AuditFilterTexts = {
  ...{ action: "", actor: "", text: "", from: "", until: "", suspicious: "" },
};

export function auditOf(query: URLSearchParams): AuditOf {
  const kind = KINDS.find((one) => query.get(one));
  return kind === undefined ? WHOLE_TRAIL : { kind, id: query.get(kind) ?? "" };
}

export function filterTexts(query: URLSearchParams): AuditFilterTexts {
  const text = (name: keyof AuditFilterTexts): string => query.get(name) ?? "";
  const day = (name: "from" | "until"): string => (/^\d{4}-\d\d-\d\d$/.test(text(name)) ? text(name) : "");
  return {
    ...{ action: text("action"), actor: text("actor"), text: text("text") },
    ...{ from: day("from"), until: day("until") },
    suspicious: text("suspicious") === "true" ? "true" : "",
  };
}
