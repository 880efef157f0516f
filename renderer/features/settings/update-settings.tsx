import { useState } from "react";
import type { UpdateLook, UpdateState } from "#shared/ipc-contract/update-contract.ts";
import { assertNever } from "#shared/domain/failure.ts";
import { Button } from "#design-system/components/button.tsx";
import { TextField } from "#design-system/components/text-field.tsx";
import { formatInstant } from "#shared/words/moments.ts";
import { useLogOnState } from "../../main-process-client/operator.ts";
import { useLookForUpdate, useUpdate, useUpdatePlace } from "../../main-process-client/update.ts";
import { OfferedUpdate } from "./offered-update.tsx";
import { NoticeMessage, type SettingNotice } from "./setting-notice.tsx";
import styles from "./settings.module.css";
import { useTyped } from "./typed-entries.tsx";

/** Where updates are looked for, what is offered there, and the button that installs it. */
export function UpdateSettings() {
  const { value: state, failure } = useUpdate();
  if (failure !== null) return <NoticeMessage notice={{ failure }} />;
  if (state === undefined) return null;
  return (
    <div className={styles["page"]}>
      <PlaceSettings state={state} />
      <FoundUpdate state={state} />
    </div>
  );
}

function PlaceSettings({ state }: { readonly state: UpdateState }) {
  const [notice, setNotice] = useState<SettingNotice>(null);
  const use = useUpdatePlace();
  const { typed, type, forget } = useTyped("Place for updates", { place: state.place ?? "" });
  const save = async () => {
    if (use.isRunning) return;
    const answer = await use.run({ place: typed.place.trim() });
    if (answer.ok) forget();
    setNotice(answer.ok ? { done: "Saved." } : { failure: answer.error });
  };
  return (
    <section className={styles["section"]} aria-labelledby="update-place-title">
      <h3 id="update-place-title">Where updates are</h3>
      <p className={styles["hint"]}>
        The console looks there when it starts and when you ask, and installs nothing by itself.
      </p>
      <div className={styles["wide"]}>
        <TextField
          label="Place for updates"
          placeholder="Updates are not looked for"
          description="A folder, or an address that begins with https. Empty: updates are not looked for."
          value={typed.place}
          onChange={(place) => {
            setNotice(null);
            type({ place });
          }}
          spellCheck="false"
        />
      </div>
      <div className={styles["row"]}>
        <Button isPending={use.isRunning} onPress={() => void save()}>
          Save place
        </Button>
        <NoticeMessage notice={notice} />
      </div>
    </section>
  );
}

function FoundUpdate({ state }: { readonly state: UpdateState }) {
  const look = useLookForUpdate();
  const [notice, setNotice] = useState<SettingNotice>(null);
  const again = async () => {
    const answer = await look.run();
    setNotice(answer.ok ? null : { failure: answer.error });
  };
  return (
    <section className={styles["section"]} aria-labelledby="update-found-title">
      <h3 id="update-found-title">What is offered</h3>
      <dl className={styles["facts"]}>
        <dt>This version</dt>
        <dd>{state.runningVersion}</dd>
        <dt>Publisher&apos;s key</dt>
        <dd>{state.publisherKeyId ?? "None: this console was built without one and takes no updates"}</dd>
      </dl>
      <LookResult look={state.look} />
      {state.place !== null && (
        <div className={styles["row"]}>
          <Button isPending={look.isRunning || state.look.kind === "looking"} onPress={() => void again()}>
            Look now
          </Button>
          <NoticeMessage notice={notice} />
        </div>
      )}
    </section>
  );
}

function LookResult({ look }: { readonly look: UpdateLook }) {
  const zone = useLogOnState().value?.siteTimeZone ?? "UTC";
  switch (look.kind) {
    case "none":
      return null;
    case "looking":
      return <p role="status">Looking…</p>;
    case "current":
      return (
        <p role="status">This is the newest version there, as of {formatInstant(look.atUtcMs, zone)}.</p>
      );
    case "failed":
      return <NoticeMessage notice={look} />;
    case "offered":
      return <OfferedUpdate key={look.version} offered={look} zone={zone} />;
    default:
      return assertNever(look);
  }
}
