import { inSentences } from "#shared/domain/failure.ts";
import { formatBytes, formatCount } from "#shared/words/amounts.ts";
import type { SiteArchive } from "#shared/ipc-contract/site-contract.ts";
import { formatRoughDuration } from "#shared/words/durations.ts";
import { formatDateTime } from "#shared/words/instants.ts";
import styles from "./settings.module.css";

/** What is known of an archive now. */
export function ArchiveFacts({ archive, zone }: { readonly archive: SiteArchive; readonly zone: string }) {
  const { address, folder, holds, failure } = archive;
  return (
    <dl className={styles["facts"]}>
      <dt>Address</dt>
      <dd>{address ?? "None: it does not run"}</dd>
      {folder !== null && (
        <>
          <dt>Folder</dt>
          <dd>{folder}</dd>
        </>
      )}
      <dt>State</dt>
      <dd>{failure === null ? "Running" : inSentences(failure)}</dd>
      {holds !== null && (
        <>
          <dt>Cameras</dt>
          <dd>
            {holds.cameraCount}, of them {holds.recordedCount} recorded
          </dd>
          <dt>Footage</dt>
          <dd>{footageInWords(holds, zone)}</dd>
          <dt>Kept for</dt>
          <dd>{formatRoughDuration(holds.keptMs)}; what an export holds stays longer</dd>
          <dt>Free on its disk</dt>
          <dd>{formatBytes(holds.freeBytes)}</dd>
          {holds.leftOutFiles > 0 && (
            <>
              <dt>Not footage</dt>
              <dd>
                {formatCount(holds.leftOutFiles, "file")} ({formatBytes(holds.leftOutBytes)}) cannot be read
                and go when as old as footage
              </dd>
            </>
          )}
        </>
      )}
    </dl>
  );
}

function footageInWords(
  { oldestUtcMs, newestUtcMs }: NonNullable<SiteArchive["holds"]>,
  zone: string,
): string {
  if (oldestUtcMs === null || newestUtcMs === null) return "None yet";
  return `${formatDateTime(oldestUtcMs, zone)} – ${formatDateTime(newestUtcMs, zone)}`;
}
