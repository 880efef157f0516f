/** An entry of the trail as pages and files show it. */
import { auditActionKind, auditWords } from "#shared/web-api/audit-actions.ts";
import type { WebAuditEntry } from "#shared/web-api/audit-api.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import type { FoundEntry } from "./find-entries.ts";
import type { Names } from "./names.ts";

export function shownEntry(entry: FoundEntry, names: Names): WebAuditEntry {
  const { seq, atUtcMs, actor, action, subject, about, evidenceId, caseId, detail } = entry;
  return {
    seq,
    atUtc: isoInstant(atUtcMs),
    actor: shownActor(actor, names),
    action,
    words: auditWords(action, detail),
    subject: { about: aboutOf(about), id: subject, name: names.subjectOf(entry) },
    evidenceId,
    evidenceName: names.evidenceOf(entry),
    caseId,
    detail: { ...detail },
    watched: action === "WATCHED" ? watchedOf(entry) : null,
    suspicion: auditActionKind(action)?.suspicion ?? null,
  };
}

function shownActor(actor: string, names: Names): WebAuditEntry["actor"] {
  const name = names.actorOf(actor);
  const [, kind, id = ""] = /^(user|service):(.*)$/.exec(actor) ?? [];
  if (kind === undefined) return { kind: actor === "anonymous" ? "anonymous" : "system", id, name };
  return { kind: kind === "user" ? "person" : "account", id, name };
}

const ABOUTS = ["case", "evidence", "file", "record", "person", "account", "service"] as const;
type About = (typeof ABOUTS)[number];

const aboutOf = (about: string): About => ABOUTS.find((known) => known === about) ?? "record";

function watchedOf({ detail, atUtcMs }: FoundEntry): WebAuditEntry["watched"] {
  const [from, until] = [Number(detail["fromUtcMs"] ?? atUtcMs), Number(detail["untilUtcMs"] ?? atUtcMs)];
  const parts = String(detail["parts"] ?? "")
    .split(",")
    .map((part) => part.split("-").map(Number))
    .flatMap(([startS = NaN, endS = NaN]) => (endS >= startS ? [{ startS, endS }] : []));
  return { fromUtc: isoInstant(from), untilUtc: isoInstant(until), parts };
}
