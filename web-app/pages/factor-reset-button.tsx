import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { ConfirmDialog } from "#design-system/components/dialog.tsx";
import { Name } from "#design-system/components/name.tsx";
import type { WebPerson } from "#shared/web-api/people.ts";
import { usePersonChange } from "../service-client/people.ts";
import { ChangeStatus } from "./change-status.tsx";

/** For somebody who lost phone and recovery codes. */
export function FactorResetButton({ person }: { readonly person: WebPerson }) {
  const [isAsking, setIsAsking] = useState(false);
  const resetting = usePersonChange(person.username);
  return (
    <>
      <ChangeStatus error={resetting.error}>{null}</ChangeStatus>
      <Button isPending={resetting.isPending} onPress={() => setIsAsking(true)}>
        Reset second factor
      </Button>
      <ConfirmDialog
        title="Reset the second factor?"
        message={
          <p>
            <Name>{person.fullName}</Name> is signed out everywhere, and then signs in with the password alone
            until a second factor is set up again. Be sure that it is this person who asks for it.
          </p>
        }
        confirmLabel="Reset"
        isDanger
        isOpen={isAsking}
        onConfirm={() => {
          setIsAsking(false);
          resetting.mutate({ word: "second-factor/reset", body: {} });
        }}
        onCancel={() => setIsAsking(false)}
      />
    </>
  );
}
