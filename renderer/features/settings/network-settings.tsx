import { useNetwork } from "../../main-process-client/network.ts";
import { AuthoritySettings } from "./authority-settings.tsx";
import { NoticeMessage } from "./setting-notice.tsx";
import { ProxySettings } from "./proxy-settings.tsx";
import styles from "./settings.module.css";

/** How the console reaches the evidence service: whose certificates it trusts, and through which proxy. */
export function NetworkSettings() {
  const { value: state, failure } = useNetwork();
  if (failure !== null) return <NoticeMessage notice={{ failure }} />;
  if (state === undefined) return <p role="status">Reading the network settings…</p>;
  return (
    <div className={styles["page"]}>
      <AuthoritySettings state={state} />
      <ProxySettings proxy={state.proxy} />
    </div>
  );
}
