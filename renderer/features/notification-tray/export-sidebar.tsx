import { useId } from "react";
import { useExports } from "../../main-process-client/exports.ts";
import { ExportList } from "./export-list.tsx";
import { countsInWords } from "./export-words.ts";
import styles from "./notification-tray.module.css";
import { PinButton, TRAY_PLACE } from "./pin-button.tsx";

/** The notifications pinned at the right: every queued export and upload request. */
export function ExportSidebar({ siteTimeZone }: { readonly siteTimeZone: string }) {
  const headingId = useId();
  const { value: exports = [] } = useExports();
  return (
    <section className={styles["sidebar"]} aria-labelledby={headingId}>
      <header className={styles["head"]}>
        <h2 id={headingId} className={styles["title"]}>
          Exports and uploads
        </h2>
        <span className={styles["counts"]}>{countsInWords(exports)}</span>
        {/* Unpinned, they are behind the tray's button again: the focus goes there with them. */}
        <span data-focus-place={TRAY_PLACE}>
          <PinButton />
        </span>
      </header>
      <ExportList siteTimeZone={siteTimeZone} />
    </section>
  );
}
