import { useState } from "react";
import { Select } from "#design-system/components/select.tsx";
import { TextArea, TextField } from "#design-system/components/text-field.tsx";
import { DateTimeField } from "#design-system/date-time-field/date-time-field.tsx";
import type { EnteredInstant } from "#design-system/date-time-field/entered-instant.ts";
import type { WebCase, WebCaseAnswer, WebCaseChange } from "#shared/web-api/web-api.ts";
import { sentInstant } from "../service-client/sent-instant.ts";
import { useCaseChange } from "../service-client/cases.ts";
import { useChoices } from "../service-client/catalogue.ts";
import { useZone } from "../wall-clock/time-zone.ts";
import { fieldLabel } from "./case-facts.tsx";
import { ChangeDialog } from "./change-dialog.tsx";
import styles from "./edit-case-dialog.module.css";

const NO_CATEGORY = { id: "", name: "None" };

/** What stands in the fields. */
interface Entered {
  readonly name: string;
  readonly categoryId: string;
  readonly recordNumber: string;
  readonly incidentNumber: string;
  readonly start: EnteredInstant;
  readonly end: EnteredInstant;
  readonly description: string;
  readonly location: string;
  readonly tagsText: string;
}

interface EditCaseDialogProps {
  readonly answer: WebCaseAnswer;
  readonly onClose: () => void;
}

/** Corrects the facts of a case; only what was changed is sent. */
export function EditCaseDialog({ answer, onClose }: EditCaseDialogProps) {
  const { case: shown, fieldLabels } = answer;
  const zone = useZone();
  const choices = useChoices();
  const change = useCaseChange(shown.caseId);
  const [entered, setEntered] = useState(() => enteredOf(shown));
  const set = (part: Partial<Entered>) => setEntered({ ...entered, ...part });
  const sent = changeOf(shown, entered);
  const isUnclear = isTypedWrong(entered.start) || isTypedWrong(entered.end);
  const options = [NO_CATEGORY, ...withOwn(choices.data?.categories ?? [], shown)];
  const text = (key: "recordNumber" | "incidentNumber" | "location") => (
    <TextField
      label={fieldLabel(key, fieldLabels)}
      value={entered[key]}
      maxLength={1_024}
      onChange={(value) => set({ [key]: value })}
    />
  );
  return (
    <ChangeDialog
      title="Edit case"
      saveLabel="Save"
      isSaveable={Object.keys(sent).length > 0 && !isUnclear && entered.name.trim() !== ""}
      change={change}
      onSave={() => change.mutate(sent, { onSuccess: () => onClose() })}
      onClose={onClose}
    >
      <div className={styles["form"]}>
        <TextField
          label="Name"
          isRequired
          autoFocus
          value={entered.name}
          maxLength={256}
          onChange={(name) => set({ name })}
        />
        <Select
          label="Category"
          options={options}
          value={entered.categoryId}
          onChange={(categoryId) => set({ categoryId })}
        />
        {text("recordNumber")}
        {text("incidentNumber")}
        <DateTimeField
          label="Incident start"
          timeZone={zone}
          value={entered.start}
          dayOfUtcMs={entered.end.utcMs}
          onChange={(start) => set({ start })}
        />
        <DateTimeField
          label="Incident end"
          timeZone={zone}
          isEnd
          value={entered.end}
          dayOfUtcMs={entered.start.utcMs}
          onChange={(end) => set({ end })}
        />
        {text("location")}
        <TextField
          label="Tags"
          placeholder="Separated by commas"
          value={entered.tagsText}
          onChange={(tagsText) => set({ tagsText })}
        />
        <div className={styles["wide"]}>
          <TextArea
            label={fieldLabel("description", fieldLabels)}
            value={entered.description}
            maxLength={8_192}
            onChange={(description) => set({ description })}
          />
        </div>
      </div>
    </ChangeDialog>
  );
}

function enteredOf(shown: WebCase): Entered {
  const instant = (utc: string | null): EnteredInstant => ({
    utcMs: utc === null ? null : Date.parse(utc),
    typed: null,
  });
  const { name, recordNumber, incidentNumber, description, location } = shown;
  return {
    ...{ name, recordNumber, incidentNumber, description, location },
    categoryId: shown.categoryId ?? NO_CATEGORY.id,
    start: instant(shown.incidentStartUtc),
    end: instant(shown.incidentEndUtc),
    tagsText: shown.tags.join(", "),
  };
}

const isTypedWrong = ({ utcMs, typed }: EnteredInstant): boolean =>
  utcMs === null && typed !== null && typed.text.trim() !== "";

/** A category that has retired meanwhile stays one that can be kept. */
function withOwn(
  offered: readonly { readonly id: string; readonly name: string }[],
  { categoryId, category }: WebCase,
): readonly { readonly id: string; readonly name: string }[] {
  if (categoryId === null || offered.some(({ id }) => id === categoryId)) return offered;
  return [...offered, { id: categoryId, name: category ?? categoryId }];
}

/** What differs from what is shown. */
function changeOf(shown: WebCase, entered: Entered): WebCaseChange {
  const tags = entered.tagsText
    .split(",")
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
  const { name, recordNumber, incidentNumber, description, location } = entered;
  const all = {
    ...{ name, recordNumber, incidentNumber, description, location, tags },
    categoryId: entered.categoryId === NO_CATEGORY.id ? null : entered.categoryId,
    incidentStartUtc: sentInstant(entered.start.utcMs),
    incidentEndUtc: sentInstant(entered.end.utcMs),
  };
  const before: Readonly<Record<string, unknown>> = shown;
  return Object.fromEntries(
    Object.entries(all).filter(([key, value]) => !isSame(before[key] ?? null, value)),
  );
}

/** Two ways to write one instant are the same. */
function isSame(before: unknown, after: unknown): boolean {
  if (JSON.stringify(before) === JSON.stringify(after)) return true;
  return (
    typeof before === "string" &&
    typeof after === "string" &&
    /^\d{4}-\d{2}-\d{2}T/.test(before) &&
    Date.parse(before) === Date.parse(after)
  );
}
