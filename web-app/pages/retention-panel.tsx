import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Checkbox } from "#design-system/components/checkbox.tsx";
import { Facts } from "#design-system/components/facts.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { TextField } from "#design-system/components/text-field.tsx";
import type { RetentionSettings, WebRetention } from "#shared/web-api/retention.ts";
import { formatCount } from "#shared/words/amounts.ts";
import { useClockConfirmation, useRetention, useRetentionChange } from "../service-client/retention.ts";
import { ChangeDialog } from "./change-dialog.tsx";
import { ChangeStatus } from "./change-status.tsx";
import { daysOf, keptInWords, typedOf } from "./kept-days.ts";
import { KeptField } from "./kept-field.tsx";
import styles from "./retention.module.css";
import { ServiceFailure } from "./service-failure.tsx";

/** How long evidence is kept that no category says it of, and what the recycle bin does. */
export function RetentionPanel() {
  const answer = useRetention();
  const [isOpen, setOpen] = useState(false);
  return (
    <Panel
      title="Retention"
      aside={
        answer.data !== undefined && (
          <Button size="small" aria-label="Change the retention" onPress={() => setOpen(true)}>
            Change…
          </Button>
        )
      }
    >
      {answer.isPending && <Message busy title="Asking the service…" />}
      {answer.isError && answer.data === undefined && (
        <ServiceFailure error={answer.error} onRetry={() => void answer.refetch()} />
      )}
      {answer.data !== undefined && <Shown retention={answer.data} />}
      {isOpen && answer.data !== undefined && (
        <RetentionDialog settings={answer.data.settings} onClose={() => setOpen(false)} />
      )}
    </Panel>
  );
}

function Shown({ retention: { settings, clockAheadMs } }: { readonly retention: WebRetention }) {
  const confirmation = useClockConfirmation();
  return (
    <>
      <Facts
        facts={[
          { label: "Evidence in no case", value: `Kept ${keptInWords(settings.looseDays)}` },
          { label: "Cases without a category", value: `Kept ${keptInWords(settings.uncategorisedDays)}` },
          { label: "Recycle bin", value: formatCount(settings.binDays, "day") },
          {
            label: "Lift protection, empty bin",
            value: settings.needsSecondPerson ? "Two people" : "One person",
          },
        ]}
      />
      {clockAheadMs > 0 && (
        <div className={styles["body"]}>
          <p>The service’s clock is further ahead than time can have passed. No evidence goes meanwhile.</p>
          <div className={styles["buttons"]}>
            <Button isPending={confirmation.isPending} onPress={() => confirmation.mutate()}>
              The clock is right
            </Button>
          </div>
        </div>
      )}
      <ChangeStatus error={confirmation.error}>{null}</ChangeStatus>
    </>
  );
}

interface RetentionDialogProps {
  readonly settings: RetentionSettings;
  readonly onClose: () => void;
}

function RetentionDialog({ settings, onClose }: RetentionDialogProps) {
  const change = useRetentionChange();
  const [loose, setLoose] = useState(() => typedOf(settings.looseDays));
  const [uncategorised, setUncategorised] = useState(() => typedOf(settings.uncategorisedDays));
  const [binText, setBinText] = useState(String(settings.binDays));
  const [needsSecondPerson, setNeedsSecondPerson] = useState(settings.needsSecondPerson);
  const [looseDays, uncategorisedDays] = [daysOf(loose), daysOf(uncategorised)];
  const binDays = /^\d{1,3}$/.test(binText.trim()) ? Number(binText) : 0;
  const isBinRight = binDays >= 1 && binDays <= 365;
  const isSaveable = looseDays !== undefined && uncategorisedDays !== undefined && isBinRight;
  const save = () => {
    if (!isSaveable) return;
    const changed = { looseDays, uncategorisedDays, binDays, needsSecondPerson };
    change.mutate(changed, { onSuccess: () => onClose() });
  };
  return (
    <ChangeDialog
      title="Retention"
      saveLabel="Save"
      isSaveable={isSaveable}
      change={change}
      onSave={save}
      onClose={onClose}
    >
      <div className={styles["form"]}>
        <KeptField
          label="Evidence in no case, from the end of its recording"
          typed={loose}
          onChange={setLoose}
        />
        <KeptField
          label="Evidence in cases without a category, from their closing"
          typed={uncategorised}
          onChange={setUncategorised}
        />
        <TextField
          label="Days in the recycle bin"
          value={binText}
          inputMode="numeric"
          maxLength={3}
          errorMessage={isBinRight ? null : "A whole number from 1 to 365."}
          onChange={setBinText}
        />
        <Checkbox isSelected={needsSecondPerson} onChange={setNeedsSecondPerson}>
          A second person has to agree to lift a protection and to empty the bin by hand
        </Checkbox>
      </div>
    </ChangeDialog>
  );
}
