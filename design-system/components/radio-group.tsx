import { Label, Radio, RadioGroup as AriaRadioGroup } from "react-aria-components";
import styles from "./choice.module.css";
import { classNames } from "./class-names.ts";
import fieldStyles from "./field.module.css";

interface RadioOption<Id extends string> {
  readonly id: Id;
  readonly label: string;
  readonly description?: string;
  readonly isDisabled?: boolean;
}

interface RadioGroupProps<Id extends string> {
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly options: readonly RadioOption<Id>[];
  readonly value: Id | null;
  readonly onChange: (id: Id) => void;
  /** Each option in a frame of its own, for choices that decide what comes next. */
  readonly hasCards?: boolean;
}

export function RadioGroup<Id extends string>(props: RadioGroupProps<Id>) {
  const { label, isLabelHidden = false, options, value, onChange, hasCards = false } = props;
  const choose = (chosen: string) => {
    const option = options.find(({ id }) => id === chosen);
    if (option !== undefined) onChange(option.id);
  };
  return (
    <AriaRadioGroup className={styles["group"]!} value={value} onChange={choose}>
      <Label className={isLabelHidden ? fieldStyles["hiddenLabel"]! : styles["label"]!}>{label}</Label>
      {options.map((option) => (
        <Radio
          key={option.id}
          value={option.id}
          aria-label={option.label}
          isDisabled={option.isDisabled ?? false}
          className={classNames(styles["choice"], hasCards && styles["card"])}
        >
          <span className={classNames(styles["mark"], styles["round"])} />
          <span>
            {option.label}
            {option.description !== undefined && <div className={styles["hint"]}>{option.description}</div>}
          </span>
        </Radio>
      ))}
    </AriaRadioGroup>
  );
}
