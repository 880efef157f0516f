import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { ConfirmDialog } from "#design-system/components/dialog.tsx";
import { Name } from "#design-system/components/name.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { NoValue, Quiet } from "#design-system/components/text.tsx";
import { ShortTable } from "#design-system/tables/short-table.tsx";
import type { Column } from "#design-system/tables/table-parts.tsx";
import type { WebAccountKey, WebMadeKey } from "#shared/web-api/service-accounts.ts";
import { useNewKey, useServiceAccountChange } from "../service-client/service-accounts.ts";
import { Time } from "../wall-clock/time.tsx";
import { ChangeStatus } from "./change-status.tsx";
import { ConnectionFileDialog } from "./connection-file-dialog.tsx";
import people from "./people.module.css";

interface AccountKeysProps {
  readonly accountId: string;
  readonly keys: readonly WebAccountKey[];
}

/** Enough of a thumbprint for people to tell keys apart. */
const shortened = (keyId: string): string => keyId.slice(0, 10);
const time = (utc: string | null) => (utc === null ? <NoValue /> : <Time utc={utc} precision="minute" />);

/** With which keys an account signs in: another one, and one less. */
export function AccountKeys({ accountId, keys }: AccountKeysProps) {
  const change = useServiceAccountChange(accountId);
  const making = useNewKey(accountId);
  // Not the mutation's own answer: closing the dialog would forget what it failed of too.
  const [made, setMade] = useState<WebMadeKey | null>(null);
  const [asked, setAsked] = useState<WebAccountKey | null>(null);
  const columns: readonly Column<WebAccountKey>[] = [
    { header: "Key", widthPx: 110, cell: ({ keyId }) => <code title={keyId}>{shortened(keyId)}</code> },
    { header: "Made", widthPx: 190, cell: ({ createdUtc }) => time(createdUtc) },
    { header: "By", cell: ({ createdBy }) => (createdBy === null ? <NoValue /> : <Name>{createdBy}</Name>) },
    { header: "Last signed in", widthPx: 190, cell: ({ latestUseUtc }) => time(latestUseUtc) },
    {
      header: "Change",
      widthPx: 120,
      cell: (key) =>
        key.isInFolder ? (
          <Quiet>In the folder</Quiet>
        ) : (
          <Button
            size="small"
            isDisabled={keys.length === 1}
            aria-label={`Take away the key ${shortened(key.keyId)}`}
            onPress={() => setAsked(key)}
          >
            Take away
          </Button>
        ),
    },
  ];
  return (
    <Panel title="Keys">
      <ShortTable label="Keys" columns={columns} records={keys} keyOf={({ keyId }) => keyId} />
      <div className={people["form"]}>
        <p>
          To renew a key, make another one and give its connection file to whoever has the earlier. Both are
          good meanwhile. Once the new one signs in, take the earlier away: it is out from the next request
          on.
        </p>
        <div className={people["end"]}>
          <ChangeStatus error={making.error ?? change.error}>{null}</ChangeStatus>
          <Button
            isPending={making.isPending}
            onPress={() => making.mutate(undefined, { onSuccess: setMade })}
          >
            New key
          </Button>
        </div>
      </div>
      <ConfirmDialog
        title="Take this key away?"
        message={
          <p>
            Whoever signs in with it is out from the next request on
            {asked !== null && asked.latestUseUtc !== null && (
              <>; it signed in last at {time(asked.latestUseUtc)}</>
            )}
            .
          </p>
        }
        confirmLabel="Take away"
        isDanger
        isOpen={asked !== null}
        onConfirm={() => {
          if (asked !== null) change.mutate({ word: "keys/remove", body: { keyId: asked.keyId } });
          setAsked(null);
        }}
        onCancel={() => setAsked(null)}
      />
      <ConnectionFileDialog made={made} onClose={() => setMade(null)} />
    </Panel>
  );
}
