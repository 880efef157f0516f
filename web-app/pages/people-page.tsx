import { useCallback, useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Message } from "#design-system/components/message.tsx";
import { LongName, Name } from "#design-system/components/name.tsx";
import { NoValue } from "#design-system/components/text.tsx";
import { RecordTable } from "#design-system/tables/record-table.tsx";
import type { Column } from "#design-system/tables/table-parts.tsx";
import { bidiIsolated } from "#shared/domain/names.ts";
import type { WebPerson } from "#shared/web-api/people.ts";
import { replaceWith } from "../history/navigation.ts";
import { RouteLink } from "../history/route-link.tsx";
import { useInvitation, usePeople } from "../service-client/people.ts";
import { Time } from "../wall-clock/time.tsx";
import { AccountStateBadge } from "./account-state-badge.tsx";
import { ListHeader } from "./list-header.tsx";
import styles from "./list-page.module.css";
import { MadeLinkDialog } from "./made-link-dialog.tsx";
import { usePageTitle } from "./page-title.ts";
import { PersonDialog } from "./person-dialog.tsx";
import { SearchBox } from "./search-box.tsx";
import { ServiceFailure } from "./service-failure.tsx";
import { useNextPage } from "./use-next-page.ts";

export const personLink = ({ username, fullName }: Pick<WebPerson, "username" | "fullName">) => (
  <RouteLink to={{ page: "person", username }} label={bidiIsolated(fullName)}>
    <LongName>{fullName}</LongName>
  </RouteLink>
);

const COLUMNS: readonly Column<WebPerson>[] = [
  { header: "Name", cell: personLink },
  { header: "User name", widthPx: 200, cell: ({ username }) => <Name>{username}</Name> },
  { header: "State", widthPx: 110, cell: ({ state }) => <AccountStateBadge state={state} /> },
  { header: "Mail", widthPx: 240, cell: ({ mail }) => (mail === null ? <NoValue /> : <Name>{mail}</Name>) },
  {
    header: "Last signed in",
    widthPx: 200,
    cell: ({ latestSignInUtc: utc }) => (utc === null ? <NoValue /> : <Time utc={utc} precision="minute" />),
  },
];

/** Everybody who has an account. */
export function PeoplePage({ text }: { readonly text: string }) {
  usePageTitle("People");
  const list = usePeople(text);
  const search = useCallback((typed: string) => replaceWith({ page: "people", text: typed }), []);
  const loadMore = useNextPage(list);
  const people = list.data?.pages.flatMap((page) => page.people) ?? [];
  return (
    <div className={styles["page"]}>
      <ListHeader title="People" shown={list.data && people.length} more={list.hasNextPage} list={list}>
        <SearchBox label="Search people" text={text} onSearch={search} />
        <RouteLink to={{ page: "groups" }}>Groups</RouteLink>
        <RouteLink to={{ page: "serviceAccounts" }}>Service accounts</RouteLink>
        <RouteLink to={{ page: "refusedSignIns" }}>Wrong passwords</RouteLink>
        <RouteLink to={{ page: "factorRule" }}>Second factor</RouteLink>
        <Invitation />
      </ListHeader>
      {list.isPending && <Message busy title="Loading people…" />}
      {list.isError && <ServiceFailure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && people.length === 0 && <Message title={`Nobody matches “${bidiIsolated(text)}”.`} />}
      {people.length > 0 && (
        <RecordTable
          label="People"
          columns={COLUMNS}
          records={people}
          keyOf={({ username }) => username}
          loadMore={loadMore}
        />
      )}
    </div>
  );
}

function Invitation() {
  const [isOpen, setIsOpen] = useState(false);
  const invitation = useInvitation();
  const close = () => {
    setIsOpen(false);
    invitation.reset();
  };
  return (
    <>
      <Button icon="plus" onPress={() => setIsOpen(true)}>
        Invite
      </Button>
      <PersonDialog
        title="Invite somebody"
        isOpen={isOpen && invitation.data === undefined}
        onClose={close}
        known={null}
        saveLabel="Invite"
        change={invitation}
        onSave={(person) => invitation.mutate(person)}
      />
      <MadeLinkDialog made={invitation.data ?? null} onClose={close} />
    </>
  );
}
