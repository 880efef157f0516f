import { useId, type KeyboardEvent, type Ref } from "react";
import { FieldError, Input, Label, Text, TextField as AriaTextField } from "react-aria-components";
import { actionOf } from "#shared/page/keys.ts";
import { classNames } from "../components/class-names.ts";
import styles from "./date-time-field.module.css";
import {
  choosePass,
  entryComplaint,
  readEntered,
  settleEntered,
  shownOffset,
  shownText,
  typeText,
  type EnteredInstant,
  type EntryPlace,
} from "./entered-instant.ts";
import { TIME_FIELD_KEYS } from "./field-keys.ts";
import fieldStyles from "../components/field.module.css";
import { formatDateTimeMs } from "#shared/words/instants.ts";
import { formatInstantMs } from "#shared/words/moments.ts";
import { stepLocalInstant } from "./local-instant.ts";
import { LOCAL_INSTANT_FORMAT } from "./typed-instant/typed-date-time.ts";

interface DateTimeFieldProps {
  readonly label: string;
  readonly isLabelHidden?: boolean;
  /** What was typed is the business of who keeps the value: it survives as long as that does. */
  readonly value: EnteredInstant;
  readonly onChange: (entered: EnteredInstant) => void;
  /** IANA name of the zone the text is local to. */
  readonly timeZone: string;
  /** The end of a range may be read off the clock that ran until it. */
  readonly isEnd?: boolean;
  /** Whose day a time alone is of where the field was empty. */
  readonly dayOfUtcMs?: number | null;
  /** The present, where nothing of the future is asked for: a time alone is read so that it is not. */
  readonly latestUtcMs?: number | null;
  /** Says below what was understood of a text that leaves out the date. */
  readonly saysWhatIsMeant?: boolean;
  /** Why the instant is refused by who asks for it; the field's own complaints come first. */
  readonly errorMessage?: string | null | undefined;
  /** Shows the same instant in UTC below. */
  readonly showsUtc?: boolean;
  readonly isRequired?: boolean;
  readonly isDisabled?: boolean;
  readonly autoFocus?: boolean;
  /** Where the field has not the focus from the start. */
  readonly inputRef?: Ref<HTMLInputElement>;
}

/**
 * An instant to the millisecond, written as local time in any of the usual notations; on leaving, what was
 * understood is shown in full. Up and Down step the part under the caret. A time that the zone's clock shows
 * twice is asked about.
 */
export function DateTimeField(props: DateTimeFieldProps) {
  const { label, value, timeZone, inputRef } = props;
  const { place, text, change, leave, step, choose } = useEntry(props);
  const message = entryComplaint(value, place) ?? props.errorMessage;
  const labelLook = props.isLabelHidden === true ? fieldStyles["hiddenLabel"] : fieldStyles["label"];
  return (
    <div className={fieldStyles["field"]}>
      <AriaTextField
        className={fieldStyles["field"]!}
        value={text}
        onChange={change}
        onBlur={leave}
        isInvalid={Boolean(message)}
        isRequired={props.isRequired ?? false}
        isDisabled={props.isDisabled ?? false}
        autoFocus={props.autoFocus ?? false}
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
            ref={props.autoFocus === true ? selected : inputRef}
          />
          <Text slot="description" className={styles["offset"]!}>
            {shownOffset(value, place) ?? timeZone}
          </Text>
        </div>
        <FieldError className={fieldStyles["error"]!}>{message}</FieldError>
      </AriaTextField>
      <PassChoice label={label} value={value} place={place} onChoose={choose} />
      {props.saysWhatIsMeant === true && value.typed !== null && value.utcMs !== null && (
        <span className={fieldStyles["hint"]}>{formatInstantMs(value.utcMs, timeZone)}</span>
      )}
      {props.showsUtc === true && value.utcMs !== null && (
        <span className={fieldStyles["hint"]}>{formatDateTimeMs(value.utcMs, "UTC")} UTC</span>
      )}
    </div>
  );
}

/** Who asks for a time by a key types it at once: it is in place of what stands there, and not behind it. */
const selected = (input: HTMLInputElement | null) => input?.select();

function useEntry({
  value,
  onChange,
  timeZone,
  isEnd = false,
  dayOfUtcMs = null,
  latestUtcMs = null,
}: DateTimeFieldProps) {
  const place: EntryPlace = { zone: timeZone, role: isEnd ? "end" : "moment", dayOfUtcMs, latestUtcMs };
  const leave = () => {
    const settled = settleEntered(value, place);
    if (settled.typed?.text !== value.typed?.text) onChange(settled);
  };
  const step = (event: KeyboardEvent<HTMLInputElement>) => {
    const action = actionOf(TIME_FIELD_KEYS, event);
    if (action === "read") return leave();
    if (action === null || value.utcMs === null) return;
    event.preventDefault();
    const amount = action === "later" ? 1 : -1;
    const input = event.currentTarget;
    const caret = input.selectionStart ?? 0;
    const utcMs = stepLocalInstant(
      { utcMs: value.utcMs, zone: timeZone },
      caret,
      event.shiftKey ? amount * 10 : amount,
    );
    onChange({ utcMs, typed: null });
    requestAnimationFrame(() => input.setSelectionRange(caret, caret));
  };
  return {
    place,
    text: shownText(value, place),
    change: (text: string) => onChange(typeText(value, text, place)),
    leave,
    step,
    choose: (pass: "first" | "second") => onChange(choosePass(value, pass, place)),
  };
}

interface PassChoiceProps {
  readonly label: string;
  readonly value: EnteredInstant;
  readonly place: EntryPlace;
  readonly onChoose: (pass: "first" | "second") => void;
}

const PASSES = ["first", "second"] as const;

/** Stands where a time exists twice, also after one was chosen: the other one is a click away. */
function PassChoice({ label, value, place, onChoose }: PassChoiceProps) {
  const group = useId();
  const read = readEntered(value, place);
  if (read.kind !== "repeated") return null;
  return (
    <fieldset className={styles["choice"]} data-asking={value.utcMs === null || undefined}>
      <legend className={fieldStyles["hint"]}>
        {value.utcMs === null ? "Which one is meant?" : "The clock shows this time twice:"}
      </legend>
      {PASSES.map((pass, index) => (
        <label key={pass} className={styles["option"]}>
          <input
            type="radio"
            name={group}
            aria-label={`${label}: ${pass} time, ${read.choices[index]!.offset}`}
            checked={read.choices[index]!.utcMs === value.utcMs}
            onChange={() => onChoose(pass)}
          />
          {pass}, {read.choices[index]!.offset}
        </label>
      ))}
    </fieldset>
  );
}
