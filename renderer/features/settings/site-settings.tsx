import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { ConfirmDialog } from "#design-system/components/dialog.tsx";
import { formatDateTime, formatOffset } from "#shared/words/instants.ts";
import { Select } from "#design-system/components/select.tsx";
import { useChangeTimeZone, useSite } from "../../main-process-client/site.ts";
import { ArchiveSettings } from "./archive-settings.tsx";
import { NoticeMessage, type SettingNotice } from "./setting-notice.tsx";
import styles from "./settings.module.css";
import { StartupSettings } from "./startup-settings.tsx";
import { useTyped } from "./typed-entries.tsx";
import { zoneNames } from "./zone-names.ts";

const ZONES = zoneNames();

/** The zone in which the site's times are shown and entered, and the archives behind it. */
export function SiteSettings() {
  const { value: site, failure } = useSite();
  if (failure !== null) return <NoticeMessage notice={{ failure }} />;
  if (site === undefined) return null;
  return (
    <div className={styles["page"]}>
      <TimeZoneSettings timeZone={site.timeZone} />
      <ArchiveSettings site={site} />
      <StartupSettings />
    </div>
  );
}

function TimeZoneSettings({ timeZone }: { readonly timeZone: string }) {
  const { typed, type, forget } = useTyped("Time zone", { zone: timeZone });
  const [openedUtcMs] = useState(Date.now);
  const [isAsking, setIsAsking] = useState(false);
  const [notice, setNotice] = useState<SettingNotice>(null);
  const change = useChangeTimeZone();
  const { zone } = typed;
  const names = ZONES.includes(timeZone) ? ZONES : [timeZone, ...ZONES];
  const changeNow = async () => {
    setIsAsking(false);
    const answer = await change.run({ timeZone: zone });
    if (answer.ok) forget();
    setNotice(
      answer.ok ? { done: `Times are shown and entered in ${zone} now.` } : { failure: answer.error },
    );
  };
  return (
    <section className={styles["section"]}>
      <h3>Time zone</h3>
      <div className={styles["fields"]}>
        <div className={styles["wide"]}>
          <Select
            label="Time zone of the site"
            options={names.map((name) => ({ id: name, name }))}
            value={zone}
            onChange={(name) => {
              setNotice(null);
              type({ zone: name });
            }}
          />
        </div>
      </div>
      <p className={styles["hint"]}>
        Its clock is at {formatOffset(openedUtcMs, zone)}: it was {formatDateTime(openedUtcMs, zone)} there
        when this was opened.
      </p>
      <div className={styles["row"]}>
        <Button isDisabled={zone === timeZone} isPending={change.isRunning} onPress={() => setIsAsking(true)}>
          Change time zone
        </Button>
        <NoticeMessage notice={notice} />
      </div>
      <ConfirmDialog
        title="Change the time zone?"
        message={consequenceOf(timeZone, zone, openedUtcMs)}
        confirmLabel="Change"
        isOpen={isAsking}
        onConfirm={() => void changeNow()}
        onCancel={() => setIsAsking(false)}
      />
    </section>
  );
}

function consequenceOf(before: string, after: string, now: number): string {
  return [
    `All times are shown and entered in ${after} from now on: what was written ${formatDateTime(now, before)} will be ${formatDateTime(now, after)}.`,
    "Recorded instants, exports under way and unfinished drafts keep the instants that they have.",
    "The hours of a bandwidth limit are those of the new zone, and new manifests name it.",
  ].join(" ");
}
