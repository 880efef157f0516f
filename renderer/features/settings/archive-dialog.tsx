import { useState, type FormEvent } from "react";
import { bidiIsolated } from "#shared/domain/names.ts";
import type { RequestOutput } from "#shared/ipc-contract/contract.ts";
import type { SiteArchive } from "#shared/ipc-contract/site-contract.ts";
import { Button } from "#design-system/components/button.tsx";
import { Dialog } from "#design-system/components/dialog.tsx";
import { TextField } from "#design-system/components/text-field.tsx";
import { useRenameOwnArchive, useSaveArchive } from "../../main-process-client/site.ts";
import { useLeaveQuestion } from "./leave-question.tsx";
import { NoticeMessage, type SettingNotice } from "./setting-notice.tsx";
import styles from "./settings.module.css";

interface ArchiveDialogProps {
  /** null: a new one. */
  readonly archive: SiteArchive | null;
  readonly onClose: () => void;
  readonly onSaved: (site: RequestOutput<"site.state">, name: string) => void;
}

const FORM = "archive";

/** Adds an archive or changes one. It is kept only once it has answered with what was entered. */
export function ArchiveDialog({ archive, onClose, onSaved }: ArchiveDialogProps) {
  const [name, setName] = useState(archive?.name ?? "");
  const [address, setAddress] = useState(archive?.address ?? "");
  const [token, setToken] = useState("");
  const [notice, setNotice] = useState<SettingNotice>(null);
  const save = useSaveArchive();
  const rename = useRenameOwnArchive();
  const isOwn = archive?.kind === "own";
  const isRunning = save.isRunning || rename.isRunning;
  const isComplete =
    name.trim() !== "" && (isOwn || (address.trim() !== "" && (archive !== null || token !== "")));
  const isChanged = name !== (archive?.name ?? "") || address !== (archive?.address ?? "") || token !== "";
  const { question, leave } = useLeaveQuestion(isChanged ? ["this archive"] : [], onClose);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isComplete || isRunning) return;
    setNotice(null);
    const entered = { archiveId: archive?.archiveId ?? null, name: name.trim(), address };
    const answer = isOwn
      ? await rename.run({ name: entered.name })
      : await save.run({ ...entered, token: token === "" ? null : token });
    if (answer.ok) onSaved(answer.value, entered.name);
    else setNotice({ failure: answer.error });
  };
  return (
    <Dialog
      title={archive === null ? "Add an archive" : `Edit ${bidiIsolated(archive.name)}`}
      isOpen
      onClose={leave}
      footerStart={isRunning && !isOwn ? <span className={styles["hint"]}>Trying the archive…</span> : null}
      footer={
        <>
          <Button onPress={leave}>Cancel</Button>
          <Button variant="primary" type="submit" form={FORM} isDisabled={!isComplete} isPending={isRunning}>
            {isOwn ? "Save" : "Try and save"}
          </Button>
        </>
      }
    >
      <form
        id={FORM}
        className={styles["section"]}
        aria-label="Archive"
        onSubmit={(event) => void submit(event)}
      >
        <TextField label="Name" value={name} onChange={setName} isRequired maxLength={100} autoFocus />
        {!isOwn && (
          <>
            <TextField
              label="Address"
              placeholder="https://archive.example:8081"
              value={address}
              onChange={setAddress}
              isRequired
            />
            <TextField
              label="Token"
              type="password"
              autoComplete="off"
              {...(archive === null ? {} : { placeholder: "As before" })}
              value={token}
              onChange={setToken}
              isRequired={archive === null}
            />
          </>
        )}
        <NoticeMessage notice={notice} />
      </form>
      {question}
    </Dialog>
  );
}
