import { useState } from "react";
import type { NetworkState } from "#shared/ipc-contract/network-contract.ts";
import { Button } from "#design-system/components/button.tsx";
import { TextField } from "#design-system/components/text-field.tsx";
import { useProxyChoice } from "../../main-process-client/network.ts";
import { NoticeMessage, type SettingNotice } from "./setting-notice.tsx";
import styles from "./settings.module.css";
import { useTyped } from "./typed-entries.tsx";

interface Typed {
  readonly address: string;
  readonly user: string;
  /** null: nothing was typed, the one that is kept stays. */
  readonly password: string | null;
}

/** The proxy to the evidence service, and its log-on. The password goes to main and never comes back. */
export function ProxySettings({ proxy }: { readonly proxy: NetworkState["proxy"] }) {
  const [notice, setNotice] = useState<SettingNotice>(null);
  const choose = useProxyChoice();
  const kept: Typed = { address: proxy.address ?? "", user: proxy.user, password: null };
  const { typed, type, forget } = useTyped("Proxy", kept);
  const { address, user, password } = typed;
  const edit = (change: Partial<Typed>) => {
    setNotice(null);
    type(change);
  };
  const save = async () => {
    if (choose.isRunning) return;
    const answer = await choose.run({ address: address.trim(), user: user.trim(), password });
    if (answer.ok) forget();
    setNotice(answer.ok ? { done: "Saved. It holds for new connections." } : { failure: answer.error });
  };
  return (
    <section className={styles["section"]} aria-labelledby="proxy-title">
      <h3 id="proxy-title">Proxy</h3>
      <div className={styles["fields"]}>
        <div className={styles["wide"]}>
          <TextField
            label="Proxy address"
            placeholder="As the system has it"
            description="Host and port, as proxy.example:3128. Empty: the proxy that the system or the environment names."
            value={address}
            onChange={(next) => edit({ address: next })}
            spellCheck="false"
          />
        </div>
        <TextField
          label="Proxy user"
          value={user}
          onChange={(next) => edit({ user: next })}
          autoComplete="off"
          spellCheck="false"
        />
        <TextField
          label="Proxy password"
          type="password"
          placeholder={proxy.hasPassword ? "Kept, sealed" : ""}
          value={password ?? ""}
          onChange={(next) => edit({ password: next })}
          autoComplete="off"
        />
      </div>
      <div className={styles["row"]}>
        <Button onPress={() => void save()}>Save proxy</Button>
      </div>
      <NoticeMessage notice={notice} />
    </section>
  );
}
