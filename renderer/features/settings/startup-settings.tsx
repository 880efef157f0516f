import { useState } from "react";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";
import type { StartAtLogOn } from "#shared/ipc-contract/startup-contract.ts";
import { Checkbox } from "#design-system/components/checkbox.tsx";
import { useChangeStartAtLogOn, useStartAtLogOn } from "../../main-process-client/computer.ts";
import { NoticeMessage, type SettingNotice } from "./setting-notice.tsx";
import styles from "./settings.module.css";

/** Whether the console opens by itself, as the system has it now: it is changed elsewhere too. */
export function StartupSettings() {
  const { value: state, failure } = useStartAtLogOn();
  const change = useChangeStartAtLogOn();
  const [notice, setNotice] = useState<SettingNotice>(null);
  const turn = async (startsAtLogOn: boolean) => {
    setNotice(null);
    const answer = await change.run({ startsAtLogOn });
    setNotice(answer.ok ? null : { failure: answer.error });
  };
  if (failure !== null) return <NoticeMessage notice={{ failure }} />;
  if (state === undefined) return null;
  return (
    <section className={styles["section"]}>
      <h3>This computer</h3>
      <Checkbox
        isSelected={state.kind === "on"}
        isDisabled={state.kind === "impossible" || change.isRunning}
        onChange={(isOn) => void turn(isOn)}
      >
        Start {PRODUCT_NAME} on this site at log-on to this computer
      </Checkbox>
      <p className={styles["hint"]}>{inWords(state)}</p>
      <NoticeMessage notice={notice} />
    </section>
  );
}

function inWords(state: StartAtLogOn): string {
  switch (state.kind) {
    case "off":
      return "It is not started by itself.";
    case "on":
      return state.path === null ? "The system starts it." : `The desktop starts it: ${state.path}`;
    case "other":
      return `The desktop starts another program for this site: ${state.command || "none that can be read"} (${state.path}). Turned on, it starts this one instead.`;
    case "impossible":
      return state.reason;
  }
}
