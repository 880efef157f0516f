import { useId, useState } from "react";
import type { ReportFile } from "#shared/ipc-contract/report-contract.ts";
import { formatBytes } from "#shared/words/amounts.ts";
import { Button } from "#design-system/components/button.tsx";
import { useAbout, usePrepareReport, useSaveReport } from "../../main-process-client/computer.ts";
import { NoticeMessage, type SettingNotice } from "./setting-notice.tsx";
import styles from "./settings.module.css";

/** Which program this is, and a report for whoever is asked for help. */
export function AboutSettings() {
  const { value: about, failure } = useAbout();
  if (failure !== null) return <NoticeMessage notice={{ failure }} />;
  if (about === undefined) return null;
  return (
    <div className={styles["page"]}>
      <section className={styles["section"]}>
        <h3>{about.name}</h3>
        <dl className={styles["facts"]}>
          <dt>Version</dt>
          <dd>{about.version}</dd>
          <dt>Runs in</dt>
          <dd>{about.runtime}</dd>
          <dt>Log</dt>
          <dd>{about.logFolder}</dd>
          <dt>Licences of what it contains</dt>
          <dd>{about.noticesPath}</dd>
        </dl>
      </section>
      <ReportSettings />
    </div>
  );
}

function ReportSettings() {
  const [files, setFiles] = useState<readonly ReportFile[] | null>(null);
  const [notice, setNotice] = useState<SettingNotice>(null);
  const prepare = usePrepareReport();
  const save = useSaveReport();
  const look = async () => {
    const answer = await prepare.run();
    setFiles(answer.ok ? answer.value.files : null);
    setNotice(answer.ok ? null : { failure: answer.error });
  };
  const keep = async () => {
    const answer = await save.run();
    setNotice(answer.ok ? { done: `Saved as ${answer.value.path}` } : { failure: answer.error });
  };
  return (
    <section className={styles["section"]}>
      <h3>Save a report</h3>
      <p className={styles["hint"]}>
        One file for whoever helps you: logs, versions, settings and how far exports are. Passwords, keys and
        what you have named are left out. Nothing is sent: look at it, save it, and hand it over yourself.
      </p>
      {files !== null && <ReportContent files={files} />}
      <div className={styles["row"]}>
        <Button isPending={prepare.isRunning} onPress={() => void look()}>
          {files === null ? "Look at the report" : "Put together anew"}
        </Button>
        {files !== null && (
          <Button variant="primary" isPending={save.isRunning} onPress={() => void keep()}>
            Save this report
          </Button>
        )}
        <NoticeMessage notice={notice} />
      </div>
    </section>
  );
}

/** Each file with its size, and what stands in the one that is chosen. */
function ReportContent({ files }: { readonly files: readonly ReportFile[] }) {
  return (
    <div className={styles["report"]}>
      {files.map((file) => (
        <ReportEntry key={file.name} file={file} />
      ))}
    </div>
  );
}

function ReportEntry({ file }: { readonly file: ReportFile }) {
  const [isOpen, setIsOpen] = useState(false);
  const textId = useId();
  return (
    <div>
      <button
        type="button"
        className={styles["reportFile"]}
        aria-expanded={isOpen}
        aria-controls={textId}
        onClick={() => setIsOpen(!isOpen)}
      >
        <span>{file.name}</span>
        <span className={styles["reportSize"]}>{formatBytes(file.sizeBytes)}</span>
      </button>
      <div id={textId} hidden={!isOpen}>
        {file.isCut && <p className={styles["hint"]}>Its end; the saved file has all of it.</p>}
        {/* Keyboards scroll what has the focus. */}
        <textarea
          readOnly
          autoComplete="off"
          rows={Math.min(10, file.text.split("\n").length)}
          aria-label={`Content of ${file.name}`}
          className={styles["reportText"]}
          value={file.text}
        />
      </div>
    </div>
  );
}
