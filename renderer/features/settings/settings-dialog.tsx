import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Dialog } from "#design-system/components/dialog.tsx";
import { Tabs } from "#design-system/components/tabs.tsx";
import { useHasPrivilege } from "../../main-process-client/operator.ts";
import {
  useOpenedConnectionFile,
  useSettleConnectionFile,
} from "../../main-process-client/opened-connection-file.ts";
import { AboutSettings } from "./about-settings.tsx";
import { CameraSettings } from "./camera-settings.tsx";
import { DestinationSettings } from "./destination-settings.tsx";
import { useLeaveQuestion } from "./leave-question.tsx";
import { NetworkSettings } from "./network-settings.tsx";
import { PreferenceSettings } from "./preference-settings.tsx";
import { SiteSettings } from "./site-settings.tsx";
import { UpdateSettings } from "./update-settings.tsx";
import styles from "./settings.module.css";
import { TypedEntriesProvider, useTypedEntries } from "./typed-entries.tsx";

/** Of the whole site: for administrators. */
const SITE_TABS = [
  { id: "destination", title: "Destination", content: <DestinationSettings /> },
  { id: "network", title: "Network", content: <NetworkSettings /> },
  { id: "cameras", title: "Cameras", content: <CameraSettings /> },
  { id: "site", title: "Site", content: <SiteSettings /> },
  { id: "updates", title: "Updates", content: <UpdateSettings /> },
];
/** Of one operator. */
const PREFERENCES_TAB = { id: "preferences", title: "Preferences", content: <PreferenceSettings /> };
const ABOUT_TAB = { id: "about", title: "About", content: <AboutSettings /> };

interface SettingsDialogProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** What an administrator sets before anyone can send, and what each operator prefers. */
export function SettingsDialog({ isOpen, onClose }: SettingsDialogProps) {
  const mayConfigure = useHasPrivilege("configure");
  const tabs = mayConfigure ? [...SITE_TABS, PREFERENCES_TAB, ABOUT_TAB] : [PREFERENCES_TAB, ABOUT_TAB];
  const { entries, unsaved, forget } = useTypedEntries();
  const [tab, setTab] = useState<string | null>(null);
  const opened = useOpenedConnectionFile();
  const settle = useSettleConnectionFile();
  const [shownFileId, setShownFileId] = useState<number | null>(null);
  if (opened !== null && opened.fileId !== shownFileId) {
    setShownFileId(opened.fileId);
    setTab("destination");
  }
  const { question, leave } = useLeaveQuestion(unsaved, () => {
    forget();
    setTab(null);
    // Whoever leaves the question leaves the file as well.
    if (opened !== null) void settle.run({ fileId: opened.fileId });
    onClose();
  });
  return (
    <>
      <Dialog
        title="Settings"
        isOpen={isOpen}
        onClose={leave}
        size="large"
        footer={<Button onPress={leave}>Done</Button>}
      >
        <TypedEntriesProvider entries={entries}>
          <div className={styles["settings"]}>
            <Tabs
              label="Settings"
              orientation="vertical"
              tabs={tabs}
              selected={tab ?? tabs[0]?.id ?? ""}
              onSelect={setTab}
            />
          </div>
        </TypedEntriesProvider>
      </Dialog>
      {question}
    </>
  );
}
