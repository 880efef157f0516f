import { Name } from "#design-system/components/name.tsx";
import { visibleName } from "#shared/domain/names.ts";
import type { CustomField } from "#shared/domain/case.ts";
import { Checkbox } from "#design-system/components/checkbox.tsx";
import { TextArea, TextField } from "#design-system/components/text-field.tsx";
import { customFieldIssue, entryFor } from "./custom-field.ts";

interface CustomFieldInputProps {
  readonly field: CustomField;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

const VALUE_MAX_CHARACTERS = 8192;

/** A field that the account's template adds to a case. */
export function CustomFieldInput({ field, value, onChange }: CustomFieldInputProps) {
  const entry = entryFor(field.type);
  const errorMessage = customFieldIssue(field.type, value);
  const label = visibleName(field.name);
  const common = { label, value, onChange, maxLength: VALUE_MAX_CHARACTERS, errorMessage };
  switch (entry) {
    case "yes-no":
      return (
        <Checkbox isSelected={value === "true"} onChange={(isSet) => onChange(String(isSet))}>
          <Name>{field.name}</Name>
        </Checkbox>
      );
    case "lines":
      return <TextArea {...common} />;
    case "number":
      return <TextField {...common} inputMode="decimal" />;
    case "date":
      return <TextField {...common} placeholder="YYYY-MM-DD" />;
    case "text":
      return <TextField {...common} />;
  }
}
