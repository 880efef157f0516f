import { useState } from "react";
import type { Camera } from "#shared/domain/camera.ts";
import { Button } from "#design-system/components/button.tsx";
import { ConfirmDialog } from "#design-system/components/dialog.tsx";
import { cameraInSentences, problemWords } from "../../main-process-client/camera-words.ts";
import { useConfirmClock } from "../../main-process-client/cameras.ts";
import { NoticeMessage, type SettingNotice } from "./setting-notice.tsx";
import styles from "./settings.module.css";

/** While the archive doubts its clock it deletes nothing by age; only somebody who knows the time can end that. */
export function DoubtedClock({ cameras }: { readonly cameras: readonly Camera[] }) {
  const [isAsking, setAsking] = useState(false);
  const [notice, setNotice] = useState<SettingNotice>(null);
  const confirm = useConfirmClock();
  const problem = cameras.find((camera) => camera.problem?.code === "CLOCK_DOUBTED")?.problem ?? null;
  const confirmNow = async () => {
    setAsking(false);
    const answer = await confirm.run(undefined);
    setNotice(answer.ok ? { done: "Footage is deleted by its age again." } : { failure: answer.error });
  };
  return (
    <>
      <NoticeMessage notice={notice} />
      {problem !== null && (
        <div className={styles["doubt"]} role="status">
          <span>{cameraInSentences(problemWords(problem))}</span>
          <Button isPending={confirm.isRunning} onPress={() => setAsking(true)}>
            The clock is right…
          </Button>
        </div>
      )}
      <ConfirmDialog
        title="Is the archive’s clock right?"
        message="Footage that is older than retention allows by this clock is deleted at once, and cannot be had back."
        confirmLabel="The clock is right"
        isDanger
        isOpen={isAsking}
        onConfirm={() => void confirmNow()}
        onCancel={() => setAsking(false)}
      />
    </>
  );
}
