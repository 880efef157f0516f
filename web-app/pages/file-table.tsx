import { useCallback } from "react";
import { bidiIsolated } from "#shared/domain/names.ts";
import type { WebEvidenceAnswer, WebResource } from "#shared/web-api/web-api.ts";
import { formatBytes } from "#shared/words/amounts.ts";
import { formatDuration } from "#shared/words/durations.ts";
import { Icon } from "#design-system/icons/icon.tsx";
import { Message } from "#design-system/components/message.tsx";
import { LongName } from "#design-system/components/name.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { Mono, NoValue } from "#design-system/components/text.tsx";
import { ShortTable } from "#design-system/tables/short-table.tsx";
import type { Column } from "#design-system/tables/table-parts.tsx";
import { Time } from "../wall-clock/time.tsx";
import styles from "./file-table.module.css";
import { receivedFiles } from "./segment-progress.ts";

interface FileTableProps {
  readonly answer: WebEvidenceAnswer;
  /** A file that an entry of the audit trail is about; null for none. */
  readonly shownId: string | null;
}

/** The original files as they were received, each with the checksum that the service verified. */
export function FileTable({ answer, shownId }: FileTableProps) {
  const files = receivedFiles(answer.resources);
  return (
    <Panel title="Original files">
      {files.length === 0 ? (
        <Message title="No file has been announced yet." />
      ) : (
        <ShortTable
          label="Original files"
          columns={columnsOf(answer, shownId)}
          records={files}
          keyOf={({ resourceId }) => resourceId}
        />
      )}
    </Panel>
  );
}

function columnsOf(answer: WebEvidenceAnswer, shownId: string | null): readonly Column<WebResource>[] {
  return [
    {
      header: "Name",
      cell: ({ resourceId, name }) =>
        resourceId === shownId ? <ShownName name={name} /> : <LongName>{name}</LongName>,
    },
    {
      header: "Start",
      widthPx: 244,
      cell: ({ startUtc }) => <Time utc={startUtc} precision="millisecond" />,
    },
    {
      header: "Duration",
      widthPx: 132,
      align: "end",
      cell: ({ startUtc, endUtc }) => formatDuration(Date.parse(endUtc) - Date.parse(startUtc)),
    },
    {
      header: "Stored length",
      widthPx: 122,
      align: "end",
      cell: ({ lengthBytes }) => (lengthBytes === null ? "–" : formatBytes(lengthBytes)),
    },
    { header: "State", widthPx: 140, cell: (file) => stateText(file, answer) },
    { header: "Checksum", widthPx: 172, cell: ({ checksum }) => <Checksum checksum={checksum} /> },
    { header: "Download", widthPx: 196, cell: downloadsOf },
  ];
}

/** Comes into sight, and says that it is the one. */
function ShownName({ name }: { readonly name: string }) {
  const show = useCallback((row: HTMLElement | null) => row?.scrollIntoView({ block: "center" }), []);
  return (
    <span ref={show} className={styles["shown"]} aria-current="true">
      <LongName>{name}</LongName>
    </span>
  );
}

function downloadsOf(file: WebResource) {
  return (
    <span className={styles["downloads"]}>
      <Download
        path={file.contentPath}
        label="File"
        name={`file ${bidiIsolated(file.name)}`}
        checked={CHECKED[file.readingCheck ?? "unknown"]}
      />
      <Download
        path={file.encryptedPath}
        label="Encrypted"
        name={`encrypted file ${bidiIsolated(file.name)} as stored`}
        checked={CHECKED["at-completion"]}
      />
    </span>
  );
}

const CHECKED = {
  "each-region": "Each part is checked before it is given out.",
  "at-completion": "It was checked when it arrived; Verify checks what is stored now.",
  unknown: "Verify checks what is stored now.",
} as const;

function stateText(
  { resourceId, state, receivedBytes }: WebResource,
  { consolidated }: WebEvidenceAnswer,
): string {
  const missing = consolidated?.damaged.find((file) => file.resourceId === resourceId);
  if (missing !== undefined) return missing.reason === "damaged" ? "Damaged" : "Not in the video";
  if (state === "completed") return "Complete";
  return receivedBytes > 0 ? `Arriving, ${formatBytes(receivedBytes)}` : "Announced";
}

/** The first digits; opened, the whole for comparing and copying. */
function Checksum({ checksum }: Pick<WebResource, "checksum">) {
  if (checksum === null) return <NoValue />;
  return (
    <details className={styles["checksum"]}>
      <summary>
        {checksum.algorithm.replace("Sha", "SHA-")} <Mono>{checksum.hex.slice(0, 8)}…</Mono>
      </summary>
      <Mono>{checksum.hex}</Mono>
    </details>
  );
}

interface DownloadProps {
  readonly path: string | null;
  readonly label: string;
  readonly name: string;
  /** When the bytes that come are checked. */
  readonly checked: string;
}

function Download({ path, label, name, checked }: DownloadProps) {
  if (path === null) return null;
  return (
    <a
      href={path}
      download
      aria-label={`Download ${name}`}
      title={`Download ${name}. ${checked}`}
      className={styles["download"]}
    >
      <Icon name="download" />
      {label}
    </a>
  );
}
