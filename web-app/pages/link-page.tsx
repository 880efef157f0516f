import { useState, type FormEvent } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Name } from "#design-system/components/name.tsx";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";
import type { WebLink } from "#shared/web-api/people.ts";
import { useLink, usePasswordByLink } from "../service-client/own-account.ts";
import { useSignOut } from "../service-client/signed-in.ts";
import lone from "./lone-page.module.css";
import { NewPasswordFields, type TypedPassword } from "./new-password-fields.tsx";
import { usePageTitle } from "./page-title.ts";
import { refusalText } from "./refusal-text.ts";
import { ServiceFailure } from "./service-failure.tsx";
import styles from "./sign-in-page.module.css";

/** Where a link leads by which a person chooses a password. Its token stands behind `#`, which no server is sent. */
export function LinkPage() {
  usePageTitle("Choose a password");
  const [token] = useState(() => window.location.hash.slice(1));
  const link = useLink(token);
  return (
    <main className={lone["page"]}>
      {link.data !== undefined ? (
        <PasswordForm token={token} link={link.data} />
      ) : link.isError ? (
        <ServiceFailure error={link.error} onRetry={() => void link.refetch()} />
      ) : (
        <Message busy title="Asking the service…" />
      )}
    </main>
  );
}

interface PasswordFormProps {
  readonly token: string;
  readonly link: WebLink;
}

function PasswordForm({ token, link: { kind, username, fullName } }: PasswordFormProps) {
  const setting = usePasswordByLink(token);
  const [typed, setTyped] = useState<TypedPassword>({ password: "", again: "" });
  const isReady = typed.password !== "" && typed.password === typed.again;
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (isReady) setting.mutate(typed.password);
  };
  if (setting.isSuccess) return <PasswordSet username={username} />;
  return (
    <form className={styles["form"]} onSubmit={save}>
      <p className={styles["product"]}>
        <img src="/icon.svg" alt="" width="28" height="28" />
        {PRODUCT_NAME}
      </p>
      <h1>{kind === "invitation" ? "Welcome" : "A new password"}</h1>
      <p>
        <Name>{fullName}</Name>, choose a password. Your user name is <Name>{username}</Name>.
      </p>
      {/* So that a program that keeps passwords knows whose it is. */}
      <input type="text" name="username" autoComplete="username" value={username} readOnly hidden />
      <NewPasswordFields typed={typed} onType={setTyped} />
      <div role="alert" className={styles["alert"]}>
        {setting.error !== null && <p className={styles["refusal"]}>{refusalText(setting.error)}</p>}
      </div>
      <Button type="submit" variant="primary" isPending={setting.isPending} isDisabled={!isReady}>
        Set password
      </Button>
    </form>
  );
}

/** Whoever is signed in in this browser may be somebody else. */
function PasswordSet({ username }: { readonly username: string }) {
  const signOut = useSignOut();
  return (
    <Message title="The password is set.">
      <p>
        Sign in as <Name>{username}</Name>.
      </p>
      <Button autoFocus variant="primary" isPending={signOut.isPending} onPress={() => signOut.mutate()}>
        Go to sign in
      </Button>
    </Message>
  );
}
