import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Name } from "#design-system/components/name.tsx";
import { NoValue } from "#design-system/components/text.tsx";
import { ShortTable } from "#design-system/tables/short-table.tsx";
import type { Column } from "#design-system/tables/table-parts.tsx";
import type { WebPasskey } from "#shared/web-api/second-factor.ts";
import { usePasskeyRename } from "../service-client/passkeys.ts";
import { Time } from "../wall-clock/time.tsx";
import { NameDialog } from "./name-dialog.tsx";
import people from "./people.module.css";

interface PasskeysTableProps {
  readonly passkeys: readonly WebPasskey[];
  /** Null where none may go. */
  readonly onRemove: ((passkey: WebPasskey) => void) | null;
}

/** A person's own passkeys, each of which can be named anew and removed. */
export function PasskeysTable({ passkeys, onRemove }: PasskeysTableProps) {
  const renaming = usePasskeyRename();
  const [named, setNamed] = useState<WebPasskey | null>(null);
  const stop = () => {
    setNamed(null);
    renaming.reset();
  };
  return (
    <>
      <ShortTable
        label="Passkeys"
        columns={columnsOf(setNamed, onRemove)}
        records={passkeys}
        keyOf={({ passkeyId }) => passkeyId}
      />
      {named !== null && (
        <NameDialog
          title="Rename the passkey"
          before={named.name}
          confirmLabel="Rename"
          isPending={renaming.isPending}
          error={renaming.error}
          onSave={(name) => renaming.mutate({ passkeyId: named.passkeyId, name }, { onSuccess: stop })}
          onClose={stop}
        />
      )}
    </>
  );
}

function columnsOf(
  onRename: (passkey: WebPasskey) => void,
  onRemove: PasskeysTableProps["onRemove"],
): readonly Column<WebPasskey>[] {
  return [
    { header: "Passkey", cell: ({ name }) => <Name>{name}</Name> },
    {
      header: "Last used",
      cell: ({ usedUtc }) => (usedUtc === null ? <NoValue /> : <Time utc={usedUtc} precision="minute" />),
    },
    {
      header: "Change",
      cell: (passkey) => (
        <span className={people["changes"]}>
          <Button size="small" aria-label={`Rename: ${passkey.name}`} onPress={() => onRename(passkey)}>
            Rename
          </Button>
          {onRemove !== null && (
            <Button size="small" aria-label={`Remove: ${passkey.name}`} onPress={() => onRemove(passkey)}>
              Remove
            </Button>
          )}
        </span>
      ),
    },
  ];
}
