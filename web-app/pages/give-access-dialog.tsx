import { useState } from "react";
import { Select } from "#design-system/components/select.tsx";
import { DateTimeField } from "#design-system/date-time-field/date-time-field.tsx";
import type { EnteredInstant } from "#design-system/date-time-field/entered-instant.ts";
import type { WebGrant, WebLevel } from "#shared/web-api/access.ts";
import type { useAccessChange } from "../service-client/access.ts";
import { sentInstant } from "../service-client/sent-instant.ts";
import { useZone } from "../wall-clock/time-zone.ts";
import styles from "./access-panel.module.css";
import { LEVEL_OPTIONS } from "./access-words.ts";
import { ChangeDialog } from "./change-dialog.tsx";
import { HolderPicker, type NamedHolder } from "./holder-picker.tsx";

interface GiveAccessDialogProps {
  readonly change: ReturnType<typeof useAccessChange>;
  readonly onClose: () => void;
}

const EMPTY: EnteredInstant = { utcMs: null, typed: null };
const LEVELS = LEVEL_OPTIONS.map(({ value, text }) => ({ id: value, name: text }));

/** Each instant is open where its field is empty. */
const TIMES = [
  { key: "fromUtc", label: "The access begins (empty: now)", isEnd: false },
  { key: "untilUtc", label: "The access ends (empty: never)", isEnd: true },
  { key: "recordedFromUtc", label: "Only recordings from (empty: all)", isEnd: false },
] as const;
type Times = Readonly<Record<(typeof TIMES)[number]["key"], EnteredInstant>>;

/** Gives one person or group a right, for a time where one is entered. */
export function GiveAccessDialog({ change, onClose }: GiveAccessDialogProps) {
  const zone = useZone();
  const [holder, setHolder] = useState<NamedHolder | null>(null);
  const [level, setLevel] = useState<WebLevel>("view");
  const [times, setTimes] = useState<Times>({ fromUtc: EMPTY, untilUtc: EMPTY, recordedFromUtc: EMPTY });
  const isUnclear = Object.values(times).some(({ utcMs, typed }) => utcMs === null && isFilled(typed));
  const give = () => {
    if (holder === null) return;
    const { kind, id } = holder;
    change.mutate(
      { holder: { kind, id }, grant: { level, ...grantTimes(times) } },
      { onSuccess: () => onClose() },
    );
  };
  return (
    <ChangeDialog
      title="Give access"
      saveLabel={holder === null ? "Give access" : `Give ${holder.name} access`}
      isSaveable={holder !== null && !isUnclear}
      change={change}
      onSave={give}
      onClose={onClose}
    >
      <div className={styles["form"]}>
        <HolderPicker picked={holder} onPick={setHolder} kinds={["user", "group", "everyone"]} />
        <Select
          label="May"
          options={LEVELS}
          value={level}
          onChange={(id) => setLevel(LEVEL_OPTIONS.find(({ value }) => value === id)?.value ?? "view")}
        />
        <div className={styles["times"]}>
          {TIMES.map(({ key, label, isEnd }) => (
            <DateTimeField
              key={key}
              label={label}
              timeZone={zone}
              isEnd={isEnd}
              value={times[key]}
              onChange={(entered) => setTimes({ ...times, [key]: entered })}
            />
          ))}
        </div>
      </div>
    </ChangeDialog>
  );
}

const isFilled = (typed: EnteredInstant["typed"]): boolean => typed !== null && typed.text.trim() !== "";

function grantTimes(times: Times): Omit<WebGrant, "level"> {
  return {
    fromUtc: sentInstant(times.fromUtc.utcMs),
    untilUtc: sentInstant(times.untilUtc.utcMs),
    recordedFromUtc: sentInstant(times.recordedFromUtc.utcMs),
  };
}
