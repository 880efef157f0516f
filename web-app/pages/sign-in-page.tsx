import { useEffect, useState, type FormEvent } from "react";
import { Button } from "#design-system/components/button.tsx";
import { TextField } from "#design-system/components/text-field.tsx";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";
import type { Me } from "#shared/web-api/web-api.ts";
import { Name } from "#design-system/components/name.tsx";
import { hasPasskeysHere, usePasskeySignIn } from "../service-client/passkeys.ts";
import { useSignIn } from "../service-client/signed-in.ts";
import lone from "./lone-page.module.css";
import { usePageTitle } from "./page-title.ts";
import styles from "./sign-in-page.module.css";
import { refusalSentence, retryAfterS } from "./sign-in-refusal.ts";

type Demo = NonNullable<Me["demoSignIn"]>;

interface SignInPageProps {
  readonly demo: Demo | null;
  /** What passkeys are for; null where there are none. */
  readonly passkeyHost: string | null;
}

export function SignInPage({ demo, passkeyHost }: SignInPageProps) {
  usePageTitle("Sign in");
  const signIn = useSignIn();
  const passkey = usePasskeySignIn();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [refusedAtMs, setRefusedAtMs] = useState(0);
  const waitS = useCountdown(retryAfterS(signIn.error), refusedAtMs);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    passkey.reset();
    signIn.mutate(
      { username: username.trim(), password },
      { onError: () => setRefusedAtMs(performance.now()) },
    );
  };
  const byPasskey = () => {
    signIn.reset();
    passkey.mutate();
  };
  const fillIn = (account: Demo) => {
    setUsername(account.username);
    setPassword(account.password);
  };
  const error = signIn.error ?? passkey.error;
  const refusal = error === null ? null : refusalSentence(error, waitS);
  return (
    <main className={lone["page"]}>
      <form className={styles["form"]} onSubmit={submit}>
        <Head />
        <TextField
          label="User name"
          value={username}
          onChange={setUsername}
          autoComplete="username"
          autoFocus
          isRequired
        />
        <TextField
          label="Password"
          type="password"
          value={password}
          onChange={setPassword}
          autoComplete="current-password"
          isRequired
        />
        <Refusal text={refusal} />
        <Button type="submit" variant="primary" isPending={signIn.isPending} isDisabled={waitS > 0}>
          Sign in
        </Button>
        {hasPasskeysHere(passkeyHost) && (
          <Button isPending={passkey.isPending} onPress={byPasskey}>
            Sign in with a passkey
          </Button>
        )}
        {demo !== null && <DemoHint demo={demo} onFillIn={() => fillIn(demo)} />}
      </form>
    </main>
  );
}

function Head() {
  return (
    <>
      <p className={styles["product"]}>
        <img src="/icon.svg" alt="" width="28" height="28" />
        {PRODUCT_NAME}
      </p>
      <h1>Sign in</h1>
    </>
  );
}

function Refusal({ text }: { readonly text: string | null }) {
  return (
    <div role="alert" className={styles["alert"]}>
      {text !== null && <p className={styles["refusal"]}>{text}</p>}
    </div>
  );
}

function DemoHint({ demo, onFillIn }: { readonly demo: Demo; readonly onFillIn: () => void }) {
  return (
    <section className={styles["demo"]} aria-label="Demo site">
      <p>
        This is a demo site. <Name>{demo.fullName}</Name> signs in as <code>{demo.username}</code> with the
        password <code>{demo.password}</code>.
      </p>
      <Button onPress={onFillIn}>Fill in</Button>
    </section>
  );
}

/**
 * Seconds left of the wait that a refusal asks for; 0 when there is none.
 * @param refusedAtMs on the page's clock that only goes forward: setting the computer's must not keep anybody out
 */
function useCountdown(retryAfterS: number, refusedAtMs: number): number {
  const [nowMs, setNowMs] = useState(refusedAtMs);
  const endMs = refusedAtMs + retryAfterS * 1_000;
  const leftS =
    retryAfterS === 0 ? 0 : Math.max(0, Math.ceil((endMs - Math.max(nowMs, refusedAtMs)) / 1_000));
  const counting = leftS > 0;
  useEffect(() => {
    if (!counting) return undefined;
    const timer = setInterval(() => setNowMs(performance.now()), 250);
    return () => clearInterval(timer);
  }, [counting]);
  return leftS;
}
