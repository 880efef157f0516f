import { TextField } from "#design-system/components/text-field.tsx";
import { issuesOf, type TypedHours } from "./bandwidth-hours.ts";
import styles from "./settings.module.css";

export interface BandwidthHoursFieldsProps {
  readonly typed: TypedHours;
  readonly onChange: (typed: TypedHours) => void;
}

/** Hours of the day with another bandwidth cap, e.g. none at night. */
export function BandwidthHoursFields({ typed, onChange }: BandwidthHoursFieldsProps) {
  const issues = issuesOf(typed);
  return (
    <div role="group" aria-label="Other cap between" className={styles["section"]}>
      <h4>Other cap between</h4>
      <div className={styles["fields"]}>
        <TextField
          label="From"
          placeholder="22:00"
          description="Local time of the site. Leave all three empty for no other cap."
          value={typed.from}
          onChange={(from) => onChange({ ...typed, from })}
          errorMessage={issues.from}
        />
        <TextField
          label="To"
          placeholder="06:00"
          value={typed.to}
          onChange={(to) => onChange({ ...typed, to })}
          errorMessage={issues.to}
        />
        <TextField
          label="Cap in Mbit/s between"
          placeholder="No cap"
          inputMode="decimal"
          value={typed.cap}
          onChange={(cap) => onChange({ ...typed, cap })}
          errorMessage={issues.cap}
        />
      </div>
    </div>
  );
}
