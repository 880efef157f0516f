import { TextField } from "#design-system/components/text-field.tsx";

interface CodeFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (code: string) => void;
  readonly autoFocus?: boolean;
}

/** A code of six digits, with the keys of a telephone where the screen has the keyboard. */
export function CodeField(props: CodeFieldProps) {
  return <TextField {...props} inputMode="numeric" autoComplete="one-time-code" maxLength={16} isRequired />;
}
