import type { DestinationState } from "#shared/ipc-contract/destination-contract.ts";
import { useState } from "react";
import { Button } from "../../design-system/button.tsx";
import { TextField } from "../../design-system/text-field.tsx";
import { useConfigureDestination } from "../../main-process-client/destination.ts";
import { OutcomeMessage, type SettingOutcome } from "./outcome-message.tsx";
import styles from "./settings.module.css";
import { bandwidthOf, gbOf, mbitOf, quotaBytesOf } from "./transfer-limits.ts";

/** Where encrypted segments wait, how much may wait, and how fast they leave. */
export function SpoolSettings({ state }: { readonly state: DestinationState }) {
  const [folder, setFolder] = useState(state.spoolFolder);
  const [quota, setQuota] = useState(gbOf(state.spoolQuotaBytes));
  const [bandwidth, setBandwidth] = useState(mbitOf(state.bandwidthCapBytesPerSecond));
  const [outcome, setOutcome] = useState<SettingOutcome>(null);
  const configure = useConfigureDestination();
  const quotaBytes = quotaBytesOf(quota);
  const cap = bandwidthOf(bandwidth);
  const save = async () => {
    if (quotaBytes === null || cap === null) return;
    const answer = await configure.run({
      spoolFolder: folder.trim(),
      spoolQuotaBytes: quotaBytes,
      bandwidthCapBytesPerSecond: cap === "none" ? null : cap,
    });
    setOutcome(answer.ok ? { done: "Saved." } : { failure: answer.error });
  };
  const isValid = folder.trim() !== "" && quotaBytes !== null && cap !== null;
  return (
    <section className={styles["section"]}>
      <h3>Spool and bandwidth</h3>
      <div className={styles["fields"]}>
        <div className={styles["wide"]}>
          <TextField
            label="Spool folder"
            description="Holds encrypted segments only, until the service has verified them."
            maxLength={4096}
            value={folder}
            onChange={setFolder}
            errorMessage={folder.trim() === "" ? "Enter a folder." : null}
          />
        </div>
        <TextField
          label="Spool quota in GB"
          inputMode="decimal"
          value={quota}
          onChange={setQuota}
          errorMessage={quotaBytes === null ? "Enter a number of gigabytes above 0." : null}
        />
        <TextField
          label="Bandwidth cap in Mbit/s"
          placeholder="No cap"
          inputMode="decimal"
          value={bandwidth}
          onChange={setBandwidth}
          errorMessage={cap === null ? "Enter a number above 0, or nothing for no cap." : null}
        />
      </div>
      <div className={styles["row"]}>
        <Button isDisabled={!isValid || configure.isRunning} onPress={() => void save()}>
          Save
        </Button>
      </div>
      <OutcomeMessage outcome={outcome} />
    </section>
  );
}
