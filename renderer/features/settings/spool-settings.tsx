import type { DestinationState } from "#shared/ipc-contract/destination-contract.ts";
import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Checkbox } from "#design-system/components/checkbox.tsx";
import { TextField } from "#design-system/components/text-field.tsx";
import { useConfigureDestination } from "../../main-process-client/destination.ts";
import { scheduleOf, typedHoursOf, type TypedHours } from "./bandwidth-hours.ts";
import { BandwidthHoursFields } from "./bandwidth-hours-fields.tsx";
import { NoticeMessage, type SettingNotice } from "./setting-notice.tsx";
import styles from "./settings.module.css";
import { useTyped } from "./typed-entries.tsx";
import { bandwidthOf, gbOf, mbitOf, quotaBytesOf } from "./transfer-limits.ts";

/** As typed. */
interface Limits {
  readonly folder: string;
  readonly quota: string;
  readonly bandwidth: string;
  readonly hours: TypedHours;
  readonly keepAwake: boolean;
}

function limitsOf(state: DestinationState): Limits {
  return {
    folder: state.spoolFolder,
    quota: gbOf(state.spoolQuotaBytes),
    bandwidth: mbitOf(state.bandwidthCapBytesPerSecond),
    hours: typedHoursOf(state.bandwidthSchedule),
    keepAwake: state.keepAwake,
  };
}

/** Where encrypted segments wait, how much may wait, and how fast they leave. */
export function SpoolSettings({ state }: { readonly state: DestinationState }) {
  const { typed, type, forget } = useTyped("Spool and bandwidth", limitsOf(state));
  const { folder, quota, bandwidth, hours, keepAwake } = typed;
  const [notice, setNotice] = useState<SettingNotice>(null);
  const configure = useConfigureDestination();
  const quotaBytes = quotaBytesOf(quota);
  const cap = bandwidthOf(bandwidth);
  const schedule = scheduleOf(hours);
  const save = async () => {
    if (quotaBytes === null || cap === null || schedule === null || configure.isRunning) return;
    const answer = await configure.run({
      spoolFolder: folder.trim(),
      spoolQuotaBytes: quotaBytes,
      bandwidthCapBytesPerSecond: cap === "none" ? null : cap,
      bandwidthSchedule: schedule === "none" ? null : schedule,
      keepAwake,
    });
    if (answer.ok) forget();
    setNotice(answer.ok ? { done: "Saved." } : { failure: answer.error });
  };
  const edit = (change: Partial<Limits>) => {
    setNotice(null);
    type(change);
  };
  const isValid = folder.trim() !== "" && quotaBytes !== null && cap !== null && schedule !== null;
  return (
    <section className={styles["section"]}>
      <h3>Spool and bandwidth</h3>
      <div className={styles["fields"]}>
        <div className={styles["wide"]}>
          <TextField
            label="Spool folder"
            description="Holds encrypted segments only, until the service has verified them. A new folder is made and tried before anything is saved; what waits in the old one is sent from there."
            maxLength={4096}
            value={folder}
            onChange={(text) => edit({ folder: text })}
            errorMessage={folder.trim() === "" ? "Enter a folder." : null}
          />
        </div>
        <TextField
          label="Spool quota in GB"
          inputMode="decimal"
          value={quota}
          onChange={(text) => edit({ quota: text })}
          errorMessage={quotaBytes === null ? "Enter a number of gigabytes above 0." : null}
        />
        <TextField
          label="Bandwidth cap in Mbit/s"
          placeholder="No cap"
          inputMode="decimal"
          value={bandwidth}
          onChange={(text) => edit({ bandwidth: text })}
          errorMessage={cap === null ? "Enter a number above 0, or nothing for no cap." : null}
        />
      </div>
      <BandwidthHoursFields typed={hours} onChange={(text) => edit({ hours: text })} />
      <Checkbox isSelected={keepAwake} onChange={(isSelected) => edit({ keepAwake: isSelected })}>
        Keep this computer awake while exports run
      </Checkbox>
      <div className={styles["row"]}>
        <Button isDisabled={!isValid} isPending={configure.isRunning} onPress={() => void save()}>
          Save
        </Button>
        {configure.isRunning && folder.trim() !== state.spoolFolder && (
          <p role="status" className={styles["hint"]}>
            Trying the folder…
          </p>
        )}
        <NoticeMessage notice={notice} />
      </div>
    </section>
  );
}
