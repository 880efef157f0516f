import { inSentences } from "#shared/domain/failure.ts";
import { Name } from "#design-system/components/name.tsx";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";
import type { Operator } from "#shared/domain/operator.ts";
import type { LogOnState } from "#shared/ipc-contract/operator-contract.ts";
import { Button, IconButton } from "#design-system/components/button.tsx";
import { Icon } from "#design-system/icons/icon.tsx";
import { showToast } from "#design-system/components/toast.tsx";
import { NotificationTray } from "../features/notification-tray/notification-tray.tsx";
import { useLogOff } from "../main-process-client/operator.ts";
import { KeysSheet } from "#design-system/components/keys-sheet.tsx";
import { CONSOLE_KEY_SHEET } from "./console-key-sheet.ts";
import { SiteClock } from "./site-clock.tsx";
import styles from "./top-bar.module.css";
import { WindowButtons } from "./window-buttons.tsx";

interface TopBarProps {
  readonly loggedOn: LogOnState;
  readonly operator: Operator;
  readonly onSettings: () => void;
}

export function TopBar({ loggedOn, operator, onSettings }: TopBarProps) {
  const logOff = useLogOff();
  const leave = async () => {
    const outcome = await logOff.run(undefined);
    if (!outcome.ok) showToast("danger", inSentences(outcome.error));
  };
  return (
    <header className={styles["bar"]}>
      <div className={styles["brand"]}>
        <Icon name="camera" size={18} />
        <h1 className={styles["product"]}>{PRODUCT_NAME}</h1>
        <span className={styles["site"]}>
          <Name>{loggedOn.siteName}</Name>
        </span>
      </div>
      <SiteClock zone={loggedOn.siteTimeZone} />
      <div className={styles["end"]}>
        <span className={styles["runtime"]} title={loggedOn.runtime}>
          {shortRuntime(loggedOn.runtime)}
        </span>
        {operator.privileges.includes("send-to-clearance") && (
          <NotificationTray siteTimeZone={loggedOn.siteTimeZone} />
        )}
        {operator.privileges.includes("configure") && (
          <IconButton icon="settings" label="Settings" onPress={onSettings} />
        )}
        <WindowButtons />
        <KeysSheet groups={CONSOLE_KEY_SHEET} />
        <span className={styles["operator"]}>
          <Icon name="user" size={14} />
          <Name>{operator.displayName}</Name>
        </span>
        <Button size="small" variant="quiet" icon="log-off" onPress={() => void leave()}>
          Log off
        </Button>
      </div>
    </header>
  );
}

/** The runtime's name; what it lacks stands in the tooltip. */
function shortRuntime(runtime: string): string {
  return runtime.split(/:| on /)[0] ?? runtime;
}
