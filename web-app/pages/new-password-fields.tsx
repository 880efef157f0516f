import { TextField } from "#design-system/components/text-field.tsx";

export interface TypedPassword {
  readonly password: string;
  readonly again: string;
}

interface NewPasswordFieldsProps {
  readonly typed: TypedPassword;
  readonly onType: (typed: TypedPassword) => void;
}

/** A new password, twice. The service says why it does not take one. */
export function NewPasswordFields({ typed, onType }: NewPasswordFieldsProps) {
  const { password, again } = typed;
  const isOther = again !== "" && !password.startsWith(again);
  return (
    <>
      <TextField
        label="New password"
        type="password"
        value={password}
        onChange={(text) => onType({ password: text, again })}
        description="At least 12 characters, of any kind. Several words are easy to keep in mind."
        autoComplete="new-password"
        maxLength={1024}
        isRequired
      />
      <TextField
        label="New password again"
        type="password"
        value={again}
        onChange={(text) => onType({ password, again: text })}
        errorMessage={isOther ? "This is not the same." : null}
        autoComplete="new-password"
        maxLength={1024}
        isRequired
      />
    </>
  );
}
