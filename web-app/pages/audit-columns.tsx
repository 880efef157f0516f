import type { Column } from "#design-system/tables/table-parts.tsx";
import { LongName, Name } from "#design-system/components/name.tsx";
import { NoValue } from "#design-system/components/text.tsx";
import { bidiIsolated } from "#shared/domain/names.ts";
import type { WebAuditEntry } from "#shared/web-api/audit-api.ts";
import { formatDuration } from "#shared/words/durations.ts";
import { NO_FILTER } from "../history/audit-address.ts";
import { RouteLink } from "../history/route-link.tsx";
import type { Route } from "../history/route.ts";
import { Time } from "../wall-clock/time.tsx";
import styles from "./audit-page.module.css";

/** What the whole trail is called as a subject of entries about itself. */
const WHOLE = "trail";
/** More of one span are in the files, and behind the link to the evidence. */
const PARTS_SHOWN = 3;

export const AUDIT_COLUMNS: readonly Column<WebAuditEntry>[] = [
  { header: "Time", widthPx: 222, cell: ({ atUtc }) => <Time utc={atUtc} /> },
  { header: "Who", widthPx: 170, cell: actorCell },
  { header: "What was done", cell: ({ words }) => <LongName>{words}</LongName> },
  { header: "Of what", cell: subjectCell },
  { header: "Exactly", cell: exactlyCell },
];

function actorCell({ actor: { kind, id, name } }: WebAuditEntry) {
  if (kind === "anonymous") return "Nobody known";
  if (kind === "system") return "The service";
  if (kind === "account") return <Name>{name}</Name>;
  return (
    <RouteLink
      to={{ page: "audit", of: { kind: "person", id }, filter: NO_FILTER }}
      label={bidiIsolated(name)}
    >
      <Name>{name}</Name>
    </RouteLink>
  );
}

function subjectCell(entry: WebAuditEntry) {
  const { subject, evidenceName } = entry;
  const name = subject.name ?? (subject.id === WHOLE ? "everything" : subject.id);
  const text = subject.about === "file" && evidenceName !== null ? `${name}, ${evidenceName}` : name;
  const to = placeOf(entry);
  if (to === null) return <LongName>{text}</LongName>;
  return (
    <RouteLink to={to} label={bidiIsolated(text)}>
      <LongName>{text}</LongName>
    </RouteLink>
  );
}

/** Where what the entry is about is seen; null where it is nowhere, or not any more. */
function placeOf({ subject, evidenceId, evidenceName, caseId }: WebAuditEntry): Route | null {
  if (subject.about === "person")
    return { page: "audit", of: { kind: "person", id: subject.id }, filter: NO_FILTER };
  if (subject.about === "case" && caseId !== null && subject.name !== null) return { page: "case", caseId };
  if (evidenceId === null || evidenceName === null) return null;
  return { page: "evidence", evidenceId, ...(subject.about === "file" ? { fileId: subject.id } : {}) };
}

/** Which parts of a video were watched, which bytes were taken, what a note says, why somebody should look at it. */
function exactlyCell({ watched, evidenceId, detail, suspicion }: WebAuditEntry) {
  if (suspicion !== null) return <LongName>{suspicion}</LongName>;
  if (watched === null || evidenceId === null) {
    const { range, text } = detail;
    if (range !== undefined && range !== null) return String(range).replace("=", " ");
    return typeof text === "string" ? <LongName>{text.replaceAll(/\s+/g, " ")}</LongName> : <NoValue />;
  }
  const { parts, fromUtc, untilUtc } = watched;
  return (
    <span className={styles["parts"]} title={`From ${fromUtc} to ${untilUtc}`}>
      {parts.slice(0, PARTS_SHOWN).map(({ startS, endS }) => (
        <RouteLink key={startS} to={{ page: "evidence", evidenceId, atS: startS }}>
          {`${position(startS)}–${position(endS)}`}
        </RouteLink>
      ))}
      {parts.length > PARTS_SHOWN && "…"}
    </span>
  );
}

/** Of a video, e.g. 1:02:03. */
const position = (seconds: number): string => formatDuration(Math.floor(seconds) * 1_000);
