import { isolated } from "#shared/domain/names.ts";
import type { WebEvidenceAnswer, WebResource } from "#shared/web-api/web-api.ts";
import { formatBytes } from "#shared/words/amounts.ts";
import { formatDuration } from "#shared/words/durations.ts";
import { Icon } from "../design-system/icon.tsx";
import { Message } from "../design-system/message.tsx";
import { LongName } from "../design-system/name.tsx";
import { Panel } from "../design-system/panel.tsx";
import { Time } from "../wall-clock/time.tsx";
import { receivedFiles } from "./segment-progress.ts";

const HEADERS: readonly { readonly text: string; readonly widthPx?: number; readonly align?: "end" }[] = [
  { text: "Name" },
  { text: "Start", widthPx: 244 },
  { text: "Duration", widthPx: 132, align: "end" },
  { text: "Stored length", widthPx: 122, align: "end" },
  { text: "State", widthPx: 140 },
  { text: "Checksum", widthPx: 172 },
  { text: "Download", widthPx: 196 },
];

/** The original files as they were received, each with the checksum that the service verified. */
export function FileTable({ answer }: { readonly answer: WebEvidenceAnswer }) {
  const files = receivedFiles(answer.resources);
  return (
    <Panel title="Original files">
      {files.length === 0 ? (
        <Message title="No file has been announced yet." />
      ) : (
        <table className="file-table" aria-label="Original files">
          <thead>
            <tr>
              {HEADERS.map(({ text, widthPx, align }) => (
                <th key={text} scope="col" className={align} style={{ width: widthPx }}>
                  {text}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {files.map((file) => (
              <FileRow key={file.resourceId} file={file} answer={answer} />
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}

function FileRow({ file, answer }: { readonly file: WebResource; readonly answer: WebEvidenceAnswer }) {
  return (
    <tr>
      <td data-title="Name" data-whole>
        <LongName>{file.name}</LongName>
      </td>
      <td data-title="Start">
        <Time utc={file.startUtc} precision="millisecond" />
      </td>
      <td data-title="Duration" className="end">
        {formatDuration(Date.parse(file.endUtc) - Date.parse(file.startUtc))}
      </td>
      <td data-title="Stored length" className="end">
        {file.lengthBytes === null ? "–" : formatBytes(file.lengthBytes)}
      </td>
      <td data-title="State">{stateText(file, answer)}</td>
      <td data-title="Checksum">
        <Checksum checksum={file.checksum} />
      </td>
      <td data-title="Download">
        <Download
          path={file.contentPath}
          label="File"
          name={`file ${isolated(file.name)}`}
          checked={CHECKED[file.readingCheck ?? "unknown"]}
        />
        <Download
          path={file.encryptedPath}
          label="Encrypted"
          name={`encrypted file ${isolated(file.name)} as stored`}
          checked={CHECKED["at-completion"]}
        />
      </td>
    </tr>
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
  if (checksum === null) return <span className="empty">–</span>;
  return (
    <details className="checksum">
      <summary>
        {checksum.algorithm.replace("Sha", "SHA-")} <span className="mono">{checksum.hex.slice(0, 8)}…</span>
      </summary>
      <code>{checksum.hex}</code>
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
      className="download"
    >
      <Icon name="download" />
      {label}
    </a>
  );
}
