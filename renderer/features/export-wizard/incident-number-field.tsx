import { withPlainSigns } from "#shared/domain/case.ts";
import { useLayoutEffect, useRef } from "react";
import { TextField } from "#design-system/components/text-field.tsx";

interface IncidentNumberFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly errorMessage: string | null;
}

/** Shows at once what is kept: dashes that autocorrection makes of a hyphen, or that are pasted, are hyphens again, and pasted blanks plain ones. */
export function IncidentNumberField({ label, value, onChange, errorMessage }: IncidentNumberFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const caret = useRef<number | null>(null);
  // A text that is put in place of another takes the caret to its end; what is typed next would stand there.
  useLayoutEffect(() => {
    if (caret.current !== null) input.current?.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  });
  const take = (typed: string) => {
    const plain = withPlainSigns(typed);
    const at = input.current?.selectionStart ?? typed.length;
    if (plain !== typed) caret.current = withPlainSigns(typed.slice(0, at)).length;
    onChange(plain);
  };
  return (
    <TextField
      label={label}
      maxLength={1024}
      value={value}
      onChange={take}
      inputRef={input}
      errorMessage={errorMessage}
    />
  );
}
