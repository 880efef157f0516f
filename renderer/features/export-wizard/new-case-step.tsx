import type { CaseForm } from "#shared/domain/case.ts";
import { useState } from "react";
import { DateTimeField } from "#design-system/date-time-field/date-time-field.tsx";
import { Select } from "#design-system/components/select.tsx";
import { TextArea, TextField } from "#design-system/components/text-field.tsx";
import { CustomFieldInput } from "./custom-field-input.tsx";
import type { CaseIssues } from "./draft-issues.ts";
import { useDraftStore } from "./draft-store.ts";
import { IncidentNumberField } from "./incident-number-field.tsx";
import { incidentOf, TEXT_KEPT_CHARACTERS, type DraftCase, type ExportDraft } from "./export-draft.ts";
import styles from "./steps.module.css";

interface NewCaseStepProps {
  readonly draft: ExportDraft;
  readonly form: CaseForm;
  readonly issues: CaseIssues;
  readonly timeZone: string;
  /** Next was pressed: what is missing is said now, also at fields nobody has been in. */
  readonly showsMissing: boolean;
}

const NO_CATEGORY = { id: "", name: "No category" };

export function NewCaseStep({ draft, form, issues, timeZone, showsMissing }: NewCaseStepProps) {
  const [isNameTouched, setIsNameTouched] = useState(draft.newCase.name !== "");
  const { newCase } = draft;
  const edit = (change: Partial<DraftCase>) => useDraftStore.getState().editCase(change);
  const isOfOtherAccount = newCase.accountId !== undefined && newCase.accountId !== form.accountId;
  /** What was chosen at another account means nothing here. */
  const choose = (change: Pick<Partial<DraftCase>, "departmentId" | "categoryId">) =>
    edit({
      ...(isOfOtherAccount && { departmentId: "", categoryId: null }),
      ...change,
      accountId: form.accountId,
    });
  const incident = incidentOf(draft);
  const labelOf = (fieldId: string, label: string) =>
    form.renamedFields.find((field) => field.fieldId === fieldId)?.customName ?? label;
  return (
    <div className={styles["scroll"]}>
      <div className={styles["form"]}>
        <div className={styles["wide"]}>
          <TextField
            label="Case name"
            isRequired
            autoFocus
            maxLength={TEXT_KEPT_CHARACTERS}
            value={newCase.name}
            onChange={(name) => edit({ name })}
            onBlur={() => setIsNameTouched(true)}
            errorMessage={showsMissing || isNameTouched || newCase.name !== "" ? issues.name : null}
          />
        </div>
        <Select
          label="Department"
          isRequired
          options={form.departments}
          value={newCase.departmentId === "" || isOfOtherAccount ? null : newCase.departmentId}
          onChange={(departmentId) => choose({ departmentId })}
          errorMessage={showsMissing ? issues.department : null}
        />
        <Select
          label="Category"
          options={[NO_CATEGORY, ...form.categories]}
          value={isOfOtherAccount ? NO_CATEGORY.id : (newCase.categoryId ?? NO_CATEGORY.id)}
          onChange={(id) => choose({ categoryId: id === NO_CATEGORY.id ? null : id })}
        />
        <TextField
          label={labelOf("recordNumber", "Record number")}
          maxLength={256}
          value={newCase.recordNumber}
          onChange={(recordNumber) => edit({ recordNumber })}
          errorMessage={issues.recordNumber}
        />
        <IncidentNumberField
          label={labelOf("incidentNumber", "Incident number")}
          value={newCase.incidentNumber}
          onChange={(incidentNumber) => edit({ incidentNumber })}
          errorMessage={issues.incidentNumber}
        />
        <DateTimeField
          label="Incident start"
          timeZone={timeZone}
          value={{ utcMs: incident.startUtcMs, typed: incident.startTyped }}
          dayOfUtcMs={incident.endUtcMs}
          onChange={({ utcMs, typed }) =>
            edit({ incident: { ...incident, startUtcMs: utcMs, startTyped: typed } })
          }
          errorMessage={issues.incidentStart}
        />
        <DateTimeField
          label="Incident end"
          timeZone={timeZone}
          isEnd
          value={{ utcMs: incident.endUtcMs, typed: incident.endTyped }}
          dayOfUtcMs={incident.startUtcMs}
          onChange={({ utcMs, typed }) =>
            edit({ incident: { ...incident, endUtcMs: utcMs, endTyped: typed } })
          }
          errorMessage={issues.incidentEnd}
        />
        <div className={styles["wide"]}>
          <TextArea
            label={labelOf("description", "Description")}
            rows={3}
            maxLength={8192}
            value={newCase.description}
            onChange={(description) => edit({ description })}
            errorMessage={issues.description}
          />
        </div>
        <TextField
          label={labelOf("location", "Location")}
          maxLength={1024}
          value={newCase.location}
          onChange={(location) => edit({ location })}
          errorMessage={issues.location}
        />
        <TextField
          label="Tags"
          placeholder="Separated by commas"
          maxLength={TEXT_KEPT_CHARACTERS}
          value={newCase.tagsText}
          onChange={(tagsText) => edit({ tagsText })}
          errorMessage={issues.tags}
        />
        {form.customFields.map((field) => (
          <CustomFieldInput
            key={field.name}
            field={field}
            value={valueOf(newCase, field.name)}
            onChange={(value) => edit({ customFields: withValue(newCase, field.name, value) })}
          />
        ))}
      </div>
    </div>
  );
}

function valueOf(newCase: DraftCase, name: string): string {
  return newCase.customFields.find((field) => field.name === name)?.value ?? "";
}

function withValue(newCase: DraftCase, name: string, value: string): DraftCase["customFields"] {
  return [...newCase.customFields.filter((field) => field.name !== name), { name, value }];
}
