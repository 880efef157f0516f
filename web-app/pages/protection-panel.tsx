import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Name } from "#design-system/components/name.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { Quiet } from "#design-system/components/text.tsx";
import type { WebProtection } from "#shared/web-api/retention.ts";
import { type ProtectedPlace, useProtection, useProtectionChange } from "../service-client/retention.ts";
import { Time } from "../wall-clock/time.tsx";
import { ChangeStatus } from "./change-status.tsx";
import { ReasonDialog } from "./reason-dialog.tsx";
import styles from "./retention.module.css";

interface ProtectionPanelProps {
  readonly place: ProtectedPlace;
  /** Whether the reader may protect it, and lift that. */
  readonly isChangeable: boolean;
}

/** Whether something is protected from deletion, by whom and why; nothing where there is nothing to see or do. */
export function ProtectionPanel({ place, isChangeable }: ProtectionPanelProps) {
  const answer = useProtection(place);
  const change = useProtectionChange(place);
  const [isOpen, setOpen] = useState(false);
  const protections = answer.data?.protections;
  if (protections === undefined || (protections.length === 0 && !isChangeable)) return null;
  const own = protections.find(({ of }) => of === place.kind);
  return (
    <Panel
      title="Protection from deletion"
      aside={
        isChangeable &&
        (own === undefined ? (
          <Button size="small" onPress={() => setOpen(true)}>
            Protect from deletion…
          </Button>
        ) : (
          <Button size="small" isPending={change.isPending} onPress={() => change.mutate(null)}>
            Lift the protection
          </Button>
        ))
      }
    >
      <div className={styles["body"]}>
        {protections.length === 0 && <Quiet>Nothing keeps it when its retention is over.</Quiet>}
        {protections.map((protection) => (
          <OneProtection key={protection.of} protection={protection} place={place} />
        ))}
        <ChangeStatus error={isOpen ? null : change.error}>{null}</ChangeStatus>
      </div>
      {isOpen && (
        <ReasonDialog
          title="Protect from deletion"
          saveLabel="Protect"
          says="Nothing of it goes, whatever its retention says, until the protection is lifted."
          change={change}
          onSave={(reason) => change.mutate(reason, { onSuccess: () => setOpen(false) })}
          onClose={() => {
            change.reset();
            setOpen(false);
          }}
        />
      )}
    </Panel>
  );
}

function OneProtection({
  protection: { of, reason, by, sinceUtc, liftAskedBy },
  place,
}: {
  readonly protection: WebProtection;
  readonly place: ProtectedPlace;
}) {
  return (
    <div>
      <p className={styles["reason"]}>
        <Name mayBreak>{reason}</Name>
      </p>
      <Quiet>
        {of === place.kind ? "" : "Its case, "}
        {by}, <Time utc={sinceUtc} precision="minute" />
        {liftAskedBy !== null && `; ${liftAskedBy} asked a second person to lift it`}
      </Quiet>
    </div>
  );
}
