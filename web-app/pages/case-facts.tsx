import { RENAMEABLE_CASE_FIELDS } from "#shared/clearance-api/case.ts";
import type { WebCaseAnswer } from "#shared/web-api/web-api.ts";
import { Name } from "#design-system/components/name.tsx";
import type { Fact } from "#design-system/components/facts.tsx";
import { Time } from "../wall-clock/time.tsx";
import styles from "./case-facts.module.css";
import { creatorText } from "./creator-text.ts";

type RenameableField = keyof typeof RENAMEABLE_CASE_FIELDS;

/** The account's own labels, by the field that it renamed. */
export type FieldLabels = Readonly<Record<string, string>>;

/** The label of a field: the account's own where it renamed the field. */
export function fieldLabel(field: RenameableField, fieldLabels: FieldLabels): string {
  return fieldLabels[field] ?? RENAMEABLE_CASE_FIELDS[field];
}

/** Every fact of a case, under the account's labels, its custom fields among them. */
export function caseFacts({ case: shown, fieldLabels }: WebCaseAnswer): Fact[] {
  const renameable = (field: RenameableField): Fact => ({
    label: fieldLabel(field, fieldLabels),
    value: shown[field],
  });
  return [
    { label: "Department", value: shown.department },
    { label: "Category", value: shown.category },
    renameable("recordNumber"),
    renameable("incidentNumber"),
    { label: "Incident start", value: instantOrNothing(shown.incidentStartUtc) },
    { label: "Incident end", value: instantOrNothing(shown.incidentEndUtc) },
    renameable("location"),
    renameable("description"),
    ...shown.customFields.map(({ name, value }) => ({ label: name, value })),
    { label: "Tags", value: shown.tags.length === 0 ? null : <TagList tags={shown.tags} /> },
    { label: "Created by", value: creatorText(shown) },
    { label: "Created", value: <Time utc={shown.createdUtc} /> },
  ];
}

function instantOrNothing(utc: string | null) {
  return utc === null ? null : <Time utc={utc} precision="millisecond" />;
}

function TagList({ tags }: { readonly tags: readonly string[] }) {
  return (
    <ul className={styles["tags"]}>
      {tags.map((tag) => (
        <li key={tag} className={styles["tag"]}>
          <Name>{tag}</Name>
        </li>
      ))}
    </ul>
  );
}
