import { useState, type FormEvent } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Dialog } from "#design-system/components/dialog.tsx";
import { TextField } from "#design-system/components/text-field.tsx";
import type { NewPerson, PersonChange } from "#shared/web-api/people.ts";
import { ChangeStatus } from "./change-status.tsx";
import styles from "./people.module.css";

interface PersonDialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** What the fields begin with; null for somebody new, whose user name is asked for as well. */
  readonly known: PersonChange | null;
  readonly saveLabel: string;
  readonly change: { readonly isPending: boolean; readonly error: unknown };
  readonly onSave: (person: NewPerson) => void;
}

/** Name and mail address of a person. */
export function PersonDialog({ title, isOpen, onClose, ...fields }: PersonDialogProps) {
  return (
    <Dialog title={title} isOpen={isOpen} onClose={onClose} size="small">
      <Fields {...fields} onClose={onClose} />
    </Dialog>
  );
}

type FieldsProps = Omit<PersonDialogProps, "title" | "isOpen">;

/** As the service checks it again: something on both sides of one `@`. */
const MAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

function Fields({ known, saveLabel, change, onSave, onClose }: FieldsProps) {
  const [username, setUsername] = useState("");
  const [fullName, setFullName] = useState(known?.fullName ?? "");
  const [mail, setMail] = useState(known?.mail ?? "");
  const [isTried, setIsTried] = useState(false);
  const mailIssue = mail !== "" && !MAIL.test(mail) ? "This is no mail address." : null;
  const save = (event: FormEvent) => {
    event.preventDefault();
    setIsTried(true);
    if (mailIssue === null) onSave({ username, fullName, mail: mail === "" ? null : mail });
  };
  return (
    <form className={styles["inner"]} onSubmit={save}>
      <TextField label="Name" value={fullName} onChange={setFullName} autoFocus isRequired maxLength={200} />
      {known === null && (
        <TextField
          label="User name"
          value={username}
          onChange={setUsername}
          description="With which the person signs in. It cannot be changed later, as the audit trail names it."
          isRequired
          maxLength={64}
        />
      )}
      <TextField
        label="Mail address"
        type="email"
        value={mail}
        onChange={(text) => setMail(text.trim())}
        errorMessage={isTried ? mailIssue : null}
        maxLength={254}
      />
      <div className={styles["end"]}>
        <ChangeStatus error={change.error}>{null}</ChangeStatus>
        <Button onPress={onClose}>Cancel</Button>
        <Button type="submit" variant="primary" isPending={change.isPending}>
          {saveLabel}
        </Button>
      </div>
    </form>
  );
}
