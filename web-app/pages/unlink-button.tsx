import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Name } from "#design-system/components/name.tsx";
import type { WebEvidenceAnswer } from "#shared/web-api/web-api.ts";
import { useUnlinking } from "../service-client/evidence.ts";
import { ChangeDialog } from "./change-dialog.tsx";

/** Takes an evidence out of its case, and says first what that changes for whom; nothing where there is nothing to do. */
export function UnlinkButton({ answer: { evidence, level } }: { readonly answer: WebEvidenceAnswer }) {
  const [isOpen, setOpen] = useState(false);
  const change = useUnlinking(evidence.evidenceId);
  const mayEdit = level === "edit" || level === "manage";
  if (evidence.caseId === null || !mayEdit) return null;
  return (
    <>
      <Button size="small" onPress={() => setOpen(true)}>
        Take out of the case…
      </Button>
      {isOpen && (
        <ChangeDialog
          title="Take the evidence out of its case"
          saveLabel="Take out"
          isSaveable
          change={change}
          onSave={() => change.mutate(undefined, { onSuccess: () => setOpen(false) })}
          onClose={() => {
            change.reset();
            setOpen(false);
          }}
          size="small"
        >
          <p>
            It is in no case afterwards, and not in “<Name>{evidence.caseName ?? evidence.caseId}</Name>” any
            more.
          </p>
          <p>
            Whoever sees it by way of the case goes on seeing it, and may do with it what they may do now. Who
            is given the case later does not see it, and who loses the case keeps it.
          </p>
          <p>
            How long it is kept no longer follows the case, but what is said of evidence in no case. The audit
            trail of the case says that it was there.
          </p>
        </ChangeDialog>
      )}
    </>
  );
}
