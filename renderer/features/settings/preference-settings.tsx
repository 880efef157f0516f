import { useState } from "react";
import { RadioGroup } from "#design-system/components/radio-group.tsx";
import { usePreferences, useUpdatePreferences } from "../../main-process-client/preferences.ts";
import { NoticeMessage, type SettingNotice } from "./setting-notice.tsx";
import styles from "./settings.module.css";

const TRAY_OPTIONS = [
  { id: "show", label: "Show", description: "The icon is always in the system's tray." },
  { id: "hide", label: "Hide", description: "No icon and no notifications of the system." },
  {
    id: "notifications-only",
    label: "Notifications only",
    description: "No icon; the system tells when an export is available or fails.",
  },
] as const;

export function PreferenceSettings() {
  const { value: preferences, failure } = usePreferences();
  const update = useUpdatePreferences();
  const [notice, setNotice] = useState<SettingNotice>(null);
  const choose = async (trayIcon: (typeof TRAY_OPTIONS)[number]["id"]) => {
    const answer = await update.run({ trayIcon });
    setNotice(answer.ok ? null : { failure: answer.error });
  };
  if (failure !== null) return <NoticeMessage notice={{ failure }} />;
  return (
    <div className={styles["page"]}>
      <section className={styles["section"]}>
        <RadioGroup
          label="Icons in the tray"
          options={TRAY_OPTIONS}
          value={preferences?.trayIcon ?? null}
          onChange={(trayIcon) => void choose(trayIcon)}
        />
        <NoticeMessage notice={notice} />
      </section>
    </div>
  );
}
