import { Button } from "#design-system/components/button.tsx";
import { useDestination } from "../../main-process-client/destination.ts";
import type { OpenedFile } from "../../main-process-client/opened-connection-file.ts";
import { NoticeMessage } from "./setting-notice.tsx";
import styles from "./settings.module.css";

interface OpenedFileQuestionProps {
  readonly opened: OpenedFile;
  readonly onImport: (json: string) => void;
  readonly onLeave: () => void;
}

/** Opening a connection file changes nothing by itself: the administrator is asked, with what would change. */
export function OpenedFileQuestion({ opened, onImport, onLeave }: OpenedFileQuestionProps) {
  const { value: destination } = useDestination();
  return (
    <div className={styles["opened"]} role="group" aria-label="Opened connection file">
      <p>
        <bdi>{opened.fileName}</bdi> was opened with the console.
      </p>
      {opened.kind === "refused" ? (
        <NoticeMessage notice={{ failure: opened.failure }} />
      ) : (
        <dl className={styles["facts"]}>
          <dt>Account in it</dt>
          <dd>
            <bdi>{opened.account}</bdi>
          </dd>
          <dt>Address in it</dt>
          <dd>{opened.serviceAddress}</dd>
          <dt>Evidence goes to now</dt>
          <dd>
            <bdi>{destination?.account ?? "Nowhere"}</bdi>
            {destination?.kind === "embedded" && ", the embedded evidence service"}
          </dd>
        </dl>
      )}
      <div className={styles["row"]}>
        {/* Whoever presses Enter without having read changes nothing. */}
        <Button autoFocus onPress={onLeave}>
          Change nothing
        </Button>
        {opened.kind === "read" && (
          <Button variant="primary" onPress={() => onImport(opened.json)}>
            Import this file
          </Button>
        )}
      </div>
    </div>
  );
}
