import { NativeSelect } from "#design-system/components/native-select.tsx";
import { TextField } from "#design-system/components/text-field.tsx";
import { daysOf, type KeptUnit, type TypedKept } from "./kept-days.ts";
import styles from "./retention.module.css";

const UNITS: readonly { readonly value: KeptUnit; readonly text: string }[] = [
  { value: "forever", text: "For ever" },
  { value: "days", text: "Days" },
  { value: "years", text: "Years" },
];

interface KeptFieldProps {
  readonly label: string;
  readonly typed: TypedKept;
  readonly onChange: (typed: TypedKept) => void;
}

/** How long something is kept: for ever, or a number of days or years. */
export function KeptField({ label, typed, onChange }: KeptFieldProps) {
  const isWrong = typed.text.trim() !== "" && daysOf(typed) === undefined;
  return (
    <div className={styles["kept"]}>
      <TextField
        label={label}
        value={typed.text}
        inputMode="numeric"
        maxLength={5}
        isDisabled={typed.unit === "forever"}
        errorMessage={isWrong ? "Whole numbers, up to a hundred years." : null}
        onChange={(text) => onChange({ ...typed, text })}
      />
      <NativeSelect
        label={`${label}: for ever, days or years`}
        options={UNITS}
        value={typed.unit}
        onChoose={(unit) => onChange({ unit, text: unit === "forever" ? "" : typed.text })}
      />
    </div>
  );
}
