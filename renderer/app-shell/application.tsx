import { QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { I18nProvider } from "react-aria-components";
import { EmptyState } from "#design-system/components/empty-state.tsx";
import { showToast, ToastRegion } from "#design-system/components/toast.tsx";
import { LogOnDialog } from "../features/logon/log-on-dialog.tsx";
import { useMainProcessEvents } from "../main-process-client/events.ts";
import { useRefusedConnectionFile } from "../main-process-client/opened-connection-file.ts";
import { createQueryClient } from "../main-process-client/query-client.ts";
import { useLogOnState } from "../main-process-client/operator.ts";
import { useOwnWindow } from "../main-process-client/windows.ts";
import { CanvasWindow } from "./canvas-window.tsx";
import { Console } from "./console.tsx";
import { ErrorBoundary } from "./error-boundary.tsx";
import styles from "./console.module.css";
import { useDraftEndsAtLogOff } from "./draft-lifetime.ts";
import { useWindowKeys } from "./window-actions.ts";

export function Application() {
  const [client] = useState(createQueryClient);
  return (
    <QueryClientProvider client={client}>
      {/* Dates and numbers are written one way, whatever the system's language is. */}
      <I18nProvider locale="en-GB">
        <ErrorBoundary>
          <Door />
        </ErrorBoundary>
        <ToastRegion />
      </I18nProvider>
    </QueryClientProvider>
  );
}

/** Shows the console, or its canvas, to whoever is logged on, and the log-on dialog to everybody else. */
function Door() {
  useMainProcessEvents();
  useWindowKeys();
  useRefusedConnectionFile((fileName) =>
    showToast("danger", `${fileName} was not opened: only an administrator may import a connection file.`),
  );
  const loggedOn = useLogOnState();
  const own = useOwnWindow();
  const username = loggedOn.value === undefined ? undefined : (loggedOn.value.operator?.username ?? null);
  // Drafts are the first window's, which another one must not end.
  useDraftEndsAtLogOff(own.value?.kind === "console" ? username : undefined);
  const failure = loggedOn.failure ?? own.failure;
  if (failure !== null)
    return (
      <EmptyState icon="warning" title={failure.message}>
        <p>{failure.action}</p>
      </EmptyState>
    );
  if (loggedOn.value === undefined || own.value === undefined) return null;
  const { operator, siteTimeZone } = loggedOn.value;
  if (operator !== null) {
    const key = operator.username;
    if (own.value.kind === "canvas")
      return <CanvasWindow key={key} own={own.value} {...{ siteTimeZone, operator }} />;
    return <Console key={key} loggedOn={loggedOn.value} operator={operator} />;
  }
  // At log-off a further window is closed, which takes a moment.
  if (own.value.kind === "canvas") return null;
  return (
    <main className={styles["outside"]}>
      <LogOnDialog loggedOn={loggedOn.value} />
    </main>
  );
}
