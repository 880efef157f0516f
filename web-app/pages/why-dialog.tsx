import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Dialog } from "#design-system/components/dialog.tsx";
import { Message } from "#design-system/components/message.tsx";
import type { WebReasons } from "#shared/web-api/access.ts";
import { type AccessPlace, useReasons } from "../service-client/access.ts";
import { Time } from "../wall-clock/time.tsx";
import styles from "./access-panel.module.css";
import { LEVEL_NAMES } from "./access-words.ts";
import { HolderPicker, type NamedHolder } from "./holder-picker.tsx";
import { ServiceFailure } from "./service-failure.tsx";

interface WhyDialogProps {
  readonly place: AccessPlace;
  readonly onClose: () => void;
}

/** Answers why somebody sees this, or that they do not. */
export function WhyDialog({ place, onClose }: WhyDialogProps) {
  const [holder, setHolder] = useState<NamedHolder | null>(null);
  const answer = useReasons(place, holder);
  return (
    <Dialog
      title="Why does somebody see this?"
      isOpen
      onClose={onClose}
      footer={<Button onPress={onClose}>Done</Button>}
    >
      <div className={styles["form"]}>
        <HolderPicker picked={holder} onPick={setHolder} kinds={["user", "group"]} />
        <div aria-live="polite">
          {holder !== null && answer.isPending && <Message busy title="Asking the service…" />}
          {answer.isError && <ServiceFailure error={answer.error} onRetry={() => void answer.refetch()} />}
          {holder !== null && answer.isSuccess && <Reasons name={holder.name} answer={answer.data} />}
        </div>
      </div>
    </Dialog>
  );
}

function Reasons({ name, answer }: { readonly name: string; readonly answer: WebReasons }) {
  if (answer.level === null) return <p>{name} does not see this: nothing gives them access.</p>;
  return (
    <>
      <p>
        {name} sees this, and has the right to: {LEVEL_NAMES[answer.level].toLowerCase()}.
      </p>
      <ul className={styles["reasons"]} aria-label="Reasons">
        {answer.reasons.map((reason) => (
          <li key={`${reason.source} ${reason.via.kind} ${reason.via.id} ${reason.level ?? ""}`}>
            <Reason reason={reason} name={name} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Reason({ reason, name }: { readonly reason: WebReasons["reasons"][number]; readonly name: string }) {
  const { source, via, level, untilUtc } = reason;
  const given = level === null ? "" : `: ${LEVEL_NAMES[level].toLowerCase()}`;
  if (source === "account")
    return (
      <>
        As a right of {ofWhom(via, name)}, on all cases and evidence{given}
      </>
    );
  if (source === "sent") return <>As the account that sent it</>;
  return (
    <>
      Given here to {ofWhom(via, name)}
      {given}
      {untilUtc !== null && (
        <>
          , until <Time utc={untilUtc} />
        </>
      )}
    </>
  );
}

function ofWhom(via: NamedHolder, name: string): string {
  if (via.kind === "everyone") return "everyone with an account";
  return via.kind === "group" ? `the group ${via.name}` : name;
}
