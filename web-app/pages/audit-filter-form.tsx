import { useState, type FormEvent } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Checkbox } from "#design-system/components/checkbox.tsx";
import { NativeSelect } from "#design-system/components/native-select.tsx";
import { TextField } from "#design-system/components/text-field.tsx";
import { AUDIT_ACTIONS } from "#shared/web-api/audit-actions.ts";
import { type AuditFilterTexts, type AuditOf, NO_FILTER } from "../history/audit-address.ts";
import { goTo } from "../history/navigation.ts";
import styles from "./audit-page.module.css";

interface AuditFilterFormProps {
  readonly of: AuditOf;
  readonly filter: AuditFilterTexts;
}

/** What is typed counts once it is submitted: by Enter in a field, or by the button. */
export function AuditFilterForm({ of, filter }: AuditFilterFormProps) {
  const [typed, setTyped] = useState(filter);
  const [given, setGiven] = useState(filter);
  if (given !== filter) {
    setGiven(filter);
    setTyped(filter);
  }
  const change = (name: keyof AuditFilterTexts) => (value: string) => setTyped({ ...typed, [name]: value });
  const show = (next: AuditFilterTexts) => goTo({ page: "audit", of, filter: next });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    show({ ...typed, actor: typed.actor.trim(), text: typed.text.trim() });
  };
  return (
    <form className={styles["filter"]} onSubmit={submit} aria-label="Filter">
      <div className={styles["action"]}>
        <span aria-hidden="true">What was done</span>
        <NativeSelect
          label="What was done"
          options={ACTIONS}
          value={typed.action}
          onChoose={change("action")}
        />
      </div>
      <TextField label="Who" value={typed.actor} onChange={change("actor")} maxLength={128} />
      <TextField label="Of what" value={typed.text} onChange={change("text")} maxLength={256} />
      <TextField label="From" type="date" value={typed.from} onChange={change("from")} />
      <TextField label="Until" type="date" value={typed.until} onChange={change("until")} />
      <Checkbox
        isSelected={typed.suspicious !== ""}
        onChange={(isOn) => change("suspicious")(isOn ? "true" : "")}
      >
        Only suspicious activity
      </Checkbox>
      <Button type="submit" variant="primary">
        Show
      </Button>
      <Button onPress={() => show(NO_FILTER)}>Show all</Button>
    </form>
  );
}

/** As in a list of choices: without what single entries fill in. */
function choiceText(words: string): string {
  const text = words.replaceAll(/[“(]?\{\w+\}[”)]?/g, "…").replace(/,? (of|for|the|the person|with)$/, "");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const ACTIONS = [
  { value: "", text: "Anything" },
  ...Object.entries(AUDIT_ACTIONS)
    .map(([value, { words }]) => ({ value, text: choiceText(words) }))
    .toSorted((a, b) => a.text.localeCompare(b.text, "en")),
];
