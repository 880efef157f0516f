import { useId, useState, type KeyboardEvent } from "react";
import { FieldError, Input, Label, Text, TextField as AriaTextField } from "react-aria-components";
import { classNames } from "./class-names.ts";
import styles from "./date-time-field.module.css";
import fieldStyles from "./field.module.css";
import { formatDateTimeMs, formatOffset } from "./instant-format.ts";
import {
  LOCAL_INSTANT_FORMAT,
  readLocalInstant,
  repeatedChoices,
  stepLocalInstant,
} from "./local-instant.ts";

interface DateTimeFieldProps {
  readonly label: string;
  readonly isLabelHidden?: boolean;
  /** Milliseconds UTC, or null while nothing readable is entered. */
  readonly value: number | null;
  /** Called with null while the text means no instant. */
  readonly onChange: (utcMs: number | null) => void;
  /** IANA name of the zone the text is local to. */
  readonly timeZone: string;
  /** Why the instant is refused by who asks for it; the field's own complaints come first. */
  readonly errorMessage?: string | null | undefined;
  /** Shows the same instant in UTC below. */
  readonly showsUtc?: boolean;
  readonly isRequired?: boolean;
  readonly isDisabled?: boolean;
}

/**
 * An instant to the millisecond, written as local time. Up and Down step the part under the caret; a
 * time that the zone's clock shows twice is settled by choosing the offset.
 */
export function DateTimeField(props: DateTimeFieldProps) {
  const { label, value, onChange, timeZone } = props;
  const { text, complaint, change, settle, step } = useInstantText(value, onChange, timeZone);
  const message = complaint ?? props.errorMessage;
  const labelLook = props.isLabelHidden === true ? fieldStyles["hiddenLabel"] : fieldStyles["label"];
  return (
    <div className={fieldStyles["field"]}>
      <AriaTextField
        className={fieldStyles["field"]!}
        value={text}
        onChange={change}
        isInvalid={Boolean(message)}
        isRequired={props.isRequired ?? false}
        isDisabled={props.isDisabled ?? false}
        validationBehavior="aria"
      >
        <Label className={classNames(labelLook, props.isRequired === true && fieldStyles["required"])}>
          {label}
        </Label>
        <div className={styles["line"]}>
          <Input
            className={classNames(fieldStyles["control"], styles["input"])}
            placeholder={LOCAL_INSTANT_FORMAT}
            spellCheck={false}
            autoComplete="off"
            onKeyDown={step}
          />
          <Text slot="description" className={styles["offset"]!}>
            {value === null ? timeZone : formatOffset(value, timeZone)}
          </Text>
        </div>
        <FieldError className={fieldStyles["error"]!}>{message}</FieldError>
      </AriaTextField>
      <OffsetChoice label={label} text={text} value={value} timeZone={timeZone} onChoose={settle} />
      {props.showsUtc === true && value !== null && (
        <span className={fieldStyles["hint"]}>{formatDateTimeMs(value, "UTC")} UTC</span>
      )}
    </div>
  );
}

/** What is being typed, and the value it was reported as. */
interface Draft {
  readonly text: string;
  readonly reportedUtcMs: number | null;
}

function useInstantText(value: number | null, onChange: (utcMs: number | null) => void, timeZone: string) {
  const [draft, setDraft] = useState<Draft | null>(null);
  // A value from elsewhere (sync, drag, reset) replaces what was being typed.
  const shown = value === null ? "" : formatDateTimeMs(value, timeZone);
  const text = draft !== null && draft.reportedUtcMs === value ? draft.text : shown;
  const read = readLocalInstant(text, timeZone);

  const change = (typed: string) => {
    const utcMs = meant(typed, timeZone, value);
    setDraft({ text: typed, reportedUtcMs: utcMs });
    onChange(utcMs);
  };
  const settle = (utcMs: number) => {
    setDraft(null);
    onChange(utcMs);
  };
  const step = (event: KeyboardEvent<HTMLInputElement>) => {
    const amount = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    if (amount === 0 || value === null) return;
    event.preventDefault();
    const input = event.currentTarget;
    const caret = input.selectionStart ?? 0;
    settle(stepLocalInstant(value, timeZone, caret, event.shiftKey ? amount * 10 : amount));
    requestAnimationFrame(() => input.setSelectionRange(caret, caret));
  };
  const complaint = read.kind === "skipped" || read.kind === "unreadable" ? read.message : null;
  return { text, complaint, change, settle, step };
}

/** The instant a text means; a repeated time keeps the side that was chosen for it before. */
function meant(text: string, timeZone: string, before: number | null): number | null {
  const read = readLocalInstant(text, timeZone);
  if (read.kind === "instant") return read.utcMs;
  if (read.kind !== "repeated") return null;
  return read.choices.some(({ utcMs }) => utcMs === before) ? before : read.choices[0].utcMs;
}

interface OffsetChoiceProps {
  readonly label: string;
  readonly text: string;
  readonly value: number | null;
  readonly timeZone: string;
  readonly onChoose: (utcMs: number) => void;
}

function OffsetChoice({ label, text, value, timeZone, onChoose }: OffsetChoiceProps) {
  const group = useId();
  const choices = value === null || text === "" ? null : repeatedChoices(value, timeZone);
  if (choices === null) return null;
  return (
    <fieldset className={styles["choice"]}>
      <legend className={fieldStyles["hint"]}>The clock shows this time twice:</legend>
      {choices.map(({ utcMs, offset }, index) => (
        <label key={utcMs} className={styles["option"]}>
          <input
            type="radio"
            name={group}
            aria-label={`${label}: ${index === 0 ? "first" : "second"} time, ${offset}`}
            checked={utcMs === value}
            onChange={() => onChoose(utcMs)}
          />
          {index === 0 ? "first" : "second"}, {offset}
        </label>
      ))}
    </fieldset>
  );
}
