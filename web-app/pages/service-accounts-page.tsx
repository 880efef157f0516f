import { useState, type FormEvent } from "react";
import { Button } from "#design-system/components/button.tsx";
import { classNames } from "#design-system/components/class-names.ts";
import { Message } from "#design-system/components/message.tsx";
import { Name } from "#design-system/components/name.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { RadioGroup } from "#design-system/components/radio-group.tsx";
import { NoValue } from "#design-system/components/text.tsx";
import { TextField } from "#design-system/components/text-field.tsx";
import { ShortTable } from "#design-system/tables/short-table.tsx";
import type { Column } from "#design-system/tables/table-parts.tsx";
import type { NewServiceAccount, WebServiceAccount } from "#shared/web-api/service-accounts.ts";
import { goTo } from "../history/navigation.ts";
import { RouteLink } from "../history/route-link.tsx";
import { useNewServiceAccount, useServiceAccounts } from "../service-client/service-accounts.ts";
import { Time } from "../wall-clock/time.tsx";
import { AccountStateBadge } from "./account-state-badge.tsx";
import { ChangeStatus } from "./change-status.tsx";
import { ConnectionFileDialog } from "./connection-file-dialog.tsx";
import { usePageTitle } from "./page-title.ts";
import people from "./people.module.css";
import styles from "./record-page.module.css";
import { RIGHTS } from "./rights-words.ts";
import { ServiceFailure } from "./service-failure.tsx";

const COLUMNS: readonly Column<WebServiceAccount>[] = [
  {
    header: "Account",
    cell: ({ accountId, name }) => (
      <RouteLink to={{ page: "serviceAccount", accountId }}>
        <Name>{name}</Name>
      </RouteLink>
    ),
  },
  { header: "State", widthPx: 110, cell: ({ state }) => <AccountStateBadge state={state} /> },
  {
    header: "Rights",
    cell: ({ rights }) =>
      rights.length === 0 ? <NoValue /> : rights.map((code) => RIGHTS[code].name).join(", "),
  },
  {
    header: "Last signed in",
    widthPx: 200,
    cell: ({ latestUseUtc: utc }) => (utc === null ? <NoValue /> : <Time utc={utc} precision="minute" />),
  },
];

/** Accounts of consoles and programs, and a new one. */
export function ServiceAccountsPage() {
  usePageTitle("Service accounts");
  const list = useServiceAccounts();
  return (
    <div className={styles["page"]}>
      <nav className={styles["crumbs"]} aria-label="You are here">
        <RouteLink to={{ page: "people", text: "" }}>All people</RouteLink>
      </nav>
      <header className={styles["header"]}>
        <h1>Service accounts</h1>
      </header>
      <div className={classNames(people["narrow"], people["sections"])}>
        <Panel title="Consoles and programs">
          {list.isPending && <Message busy title="Loading service accounts…" />}
          {list.isError && <ServiceFailure error={list.error} onRetry={() => void list.refetch()} />}
          {list.data !== undefined && (
            <ShortTable
              label="Service accounts"
              columns={COLUMNS}
              records={list.data.accounts}
              keyOf={({ accountId }) => accountId}
            />
          )}
        </Panel>
        <Panel title="New account">
          <NewAccount />
        </Panel>
      </div>
    </div>
  );
}

type Role = NewServiceAccount["role"];
const ROLES: readonly { readonly id: Role; readonly label: string; readonly description: string }[] = [
  {
    id: "sender",
    label: "Console",
    description: "Sends evidence, and sees how what it sent is doing. Who steals its file gets no footage.",
  },
  {
    id: "integration",
    label: "Program trusted with everything",
    description:
      "Reads and manages every case and every evidence as well. Take rights away that it does not need.",
  },
];

function NewAccount() {
  const making = useNewServiceAccount();
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("sender");
  const make = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "") making.mutate({ name, role });
  };
  const made = making.data ?? null;
  const open = () => made !== null && goTo({ page: "serviceAccount", accountId: made.account.accountId });
  return (
    <form className={people["form"]} onSubmit={make}>
      <TextField
        label="Name"
        value={name}
        onChange={setName}
        maxLength={200}
        description="As the audit trail calls it: where the console stands, or what the program is."
      />
      <RadioGroup label="For a" options={ROLES} value={role} onChange={setRole} />
      <div className={people["end"]}>
        <ChangeStatus error={making.error}>{null}</ChangeStatus>
        <Button type="submit" isPending={making.isPending} isDisabled={name.trim() === ""}>
          Make account
        </Button>
      </div>
      <ConnectionFileDialog made={made} onClose={open} />
    </form>
  );
}
