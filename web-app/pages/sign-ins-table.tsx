import { Badge } from "#design-system/components/badge.tsx";
import { Button } from "#design-system/components/button.tsx";
import { Message } from "#design-system/components/message.tsx";
import { NoValue } from "#design-system/components/text.tsx";
import { ShortTable } from "#design-system/tables/short-table.tsx";
import type { Column } from "#design-system/tables/table-parts.tsx";
import type { WebSignInRecord } from "#shared/web-api/people.ts";
import { Time } from "../wall-clock/time.tsx";

interface SignInsTableProps {
  readonly signIns: readonly WebSignInRecord[];
  readonly onEnd: (signInId: string) => void;
}

/** Where somebody is signed in, each of which can be ended. */
export function SignInsTable({ signIns, onEnd }: SignInsTableProps) {
  if (signIns.length === 0) return <Message title="Signed in nowhere." />;
  return (
    <ShortTable
      label="Sign-ins"
      columns={columnsOf(onEnd)}
      records={signIns}
      keyOf={({ signInId }) => signInId}
    />
  );
}

const timeOrDash = (utc: string | null) =>
  utc === null ? <NoValue /> : <Time utc={utc} precision="minute" />;

function columnsOf(onEnd: (signInId: string) => void): readonly Column<WebSignInRecord>[] {
  return [
    { header: "Browser", cell: ({ browser }) => browser ?? <NoValue /> },
    { header: "Address", cell: ({ network }) => network ?? <NoValue /> },
    { header: "Since", widthPx: 190, cell: ({ createdUtc }) => timeOrDash(createdUtc) },
    { header: "Last there", widthPx: 190, cell: ({ seenUtc }) => timeOrDash(seenUtc) },
    {
      header: "Change",
      widthPx: 96,
      cell: ({ signInId, isThisOne, browser }) =>
        isThisOne ? (
          <Badge tone="accent">This one</Badge>
        ) : (
          <Button size="small" aria-label={`End: ${browser ?? "sign-in"}`} onPress={() => onEnd(signInId)}>
            End
          </Button>
        ),
    },
  ];
}
