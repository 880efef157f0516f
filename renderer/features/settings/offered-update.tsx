import { useState } from "react";
import type { UpdateLook } from "#shared/ipc-contract/update-contract.ts";
import { formatBytes } from "#shared/words/amounts.ts";
import { Button } from "#design-system/components/button.tsx";
import { formatInstant } from "#shared/words/moments.ts";
import { useInstallUpdate } from "../../main-process-client/update.ts";
import { NoticeMessage, type SettingNotice } from "./setting-notice.tsx";
import styles from "./settings.module.css";

const HELD_BY_EXPORTS = "UPDATE_EXPORTS_RUNNING";

interface OfferedUpdateProps {
  readonly offered: Extract<UpdateLook, { kind: "offered" }>;
  readonly zone: string;
}

/** A version that was found to be the publisher's, with its notes; it is installed by two presses where exports are under way. */
export function OfferedUpdate({ offered, zone }: OfferedUpdateProps) {
  const [notice, setNotice] = useState<SettingNotice>(null);
  const install = useInstallUpdate();
  const press = async (despiteExports: boolean) => {
    setNotice(null);
    const answer = await install.run({ despiteExports });
    const done = `Version ${offered.version} is ready. The console ends now and starts as the new version.`;
    setNotice(answer.ok ? { done } : { failure: answer.error });
  };
  const isHeld = notice !== null && "failure" in notice && notice.failure.code === HELD_BY_EXPORTS;
  const isReady = notice !== null && "done" in notice;
  return (
    <>
      <p role="status" className={styles["done"]}>
        Version {offered.version} is offered. It is signed by the publisher of this console.
      </p>
      <dl className={styles["facts"]}>
        <dt>Published</dt>
        <dd>{formatInstant(offered.releasedUtcMs, zone)}</dd>
        <dt>Size</dt>
        <dd>{formatBytes(offered.sizeBytes)}</dd>
        <dt>Notes</dt>
        <dd className={styles["notes"]}>{offered.notes === "" ? "None" : offered.notes}</dd>
      </dl>
      <p className={styles["hint"]}>
        Installing fetches the package, checks it, ends the console and starts the new version. Everybody logs
        on anew; recording stops meanwhile.
      </p>
      {install.isRunning && <p role="status">Fetching and checking the package…</p>}
      <NoticeMessage notice={notice} />
      <div className={styles["row"]}>
        {isHeld ? (
          <>
            <Button variant="danger" onPress={() => void press(true)}>
              Install all the same
            </Button>
            <Button onPress={() => setNotice(null)}>Not now</Button>
          </>
        ) : (
          !isReady && (
            <Button variant="primary" isPending={install.isRunning} onPress={() => void press(false)}>
              Install version {offered.version}
            </Button>
          )
        )}
      </div>
    </>
  );
}
