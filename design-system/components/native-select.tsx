import { Icon } from "../icons/icon.tsx";
import styles from "./native-select.module.css";

interface NativeSelectProps<T extends string> {
  /** Spoken, not shown. */
  readonly label: string;
  readonly options: readonly { readonly value: T; readonly text: string }[];
  readonly value: T;
  readonly onChoose: (value: T) => void;
}

/** One of a few values. The browser's own list, because it also opens over a full screen. */
export function NativeSelect<T extends string>({ label, options, value, onChoose }: NativeSelectProps<T>) {
  const choose = (text: string) => {
    const chosen = options.find((option) => option.value === text);
    if (chosen !== undefined) onChoose(chosen.value);
  };
  return (
    <span className={styles["frame"]}>
      <select
        className={styles["select"]}
        aria-label={label}
        value={value}
        onChange={(event) => choose(event.target.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
      <Icon name="chevron-down" size={13} />
    </span>
  );
}
