import { useEffect, useId, useRef } from "react";
import { Button } from "react-aria-components";
import { actionOf } from "#shared/page/keys.ts";
import { classNames } from "#design-system/components/class-names.ts";
import { Icon } from "#design-system/icons/icon.tsx";
import { Tooltip } from "#design-system/components/tooltip.tsx";
import { useExports } from "../../main-process-client/exports.ts";
import { ExportAnnouncer } from "./export-announcer.tsx";
import { ExportList } from "./export-list.tsx";
import { countsInWords, issueCountOf, trayLabel } from "./export-words.ts";
import styles from "./notification-tray.module.css";
import { PinButton, TRAY_PLACE } from "./pin-button.tsx";
import { closeTray, openTray, useTrayStore } from "./tray-store.ts";
import { TRAY_KEYS } from "./tray-keys.ts";
import { usePressOutside } from "./use-press-outside.ts";

/**
 * The tray: blue with a check while there is no error, red with an exclamation mark and a count
 * otherwise. What it opens is not modal, so that the operator goes on watching.
 */
export function NotificationTray({ siteTimeZone }: { readonly siteTimeZone: string }) {
  const isOpen = useTrayStore((state) => state.isOpen);
  const { value: exports = [] } = useExports();
  const tray = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const panelId = useId();
  const issues = issueCountOf(exports);
  usePressOutside(tray, isOpen, closeTray);
  // It is closed for whoever logs on next.
  useEffect(() => closeTray, []);
  const close = () => {
    closeTray();
    button.current?.focus();
  };
  useEscapeFromAnywhere(isOpen, close);
  return (
    <>
      <div ref={tray} className={styles["tray"]}>
        <Tooltip text={trayLabel(issues)}>
          <Button
            ref={button}
            className={classNames(styles["button"], issues === 0 ? styles["calm"] : styles["alarmed"])}
            aria-label={trayLabel(issues)}
            data-focus-place={TRAY_PLACE}
            aria-expanded={isOpen}
            aria-controls={isOpen ? panelId : undefined}
            onPress={isOpen ? closeTray : openTray}
          >
            <Icon name={issues === 0 ? "check" : "warning"} size={16} />
            {issues > 0 && <span className={styles["count"]}>{issues}</span>}
          </Button>
        </Tooltip>
        {isOpen && (
          <section id={panelId} className={styles["panel"]} aria-label="Notifications">
            <header className={styles["head"]}>
              <PanelHeading />
              <span className={styles["counts"]}>{countsInWords(exports)}</span>
              <PinButton onPinned={close} />
            </header>
            <ExportList siteTimeZone={siteTimeZone} />
          </section>
        )}
      </div>
      <ExportAnnouncer />
    </>
  );
}

/** What lies over the console, as a dialog or a menu, is closed first. */
const OVER_IT = "[role=dialog], [role=alertdialog], [role=menu], [role=listbox][data-focused]";

/** The tray is not modal: whoever has gone on to work elsewhere closes it from there. */
function useEscapeFromAnywhere(isOpen: boolean, close: () => void) {
  const latest = useRef(close);
  useEffect(() => {
    latest.current = close;
  });
  useEffect(() => {
    if (!isOpen) return;
    const press = (event: KeyboardEvent) => {
      if (
        actionOf(TRAY_KEYS, event) === null ||
        event.defaultPrevented ||
        document.querySelector(OVER_IT) !== null
      )
        return;
      latest.current();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [isOpen]);
}

/** Takes the focus when the panel opens, so that the keyboard is where the eye is. */
function PanelHeading() {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <h2 ref={heading} tabIndex={-1} className={styles["title"]}>
      Notifications
    </h2>
  );
}
