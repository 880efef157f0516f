import { useState } from "react";
import { Button } from "#design-system/components/button.tsx";
import { Quiet } from "#design-system/components/text.tsx";
import type { WebCase, WebCaseAnswer } from "#shared/web-api/web-api.ts";
import { formatCount } from "#shared/words/amounts.ts";
import { Facts } from "#design-system/components/facts.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Name } from "#design-system/components/name.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { RouteLink } from "../history/route-link.tsx";
import { receiptFile } from "../service-client/audit.ts";
import { useCase, useCaseStateChange } from "../service-client/cases.ts";
import { useEvidenceList } from "../service-client/evidence.ts";
import { AccessPanel } from "./access-panel.tsx";
import { caseFacts } from "./case-facts.tsx";
import { ChangeStatus } from "./change-status.tsx";
import { CaseStateBadge } from "./case-state-badge.tsx";
import { AuditLink } from "./audit-link.tsx";
import { EditCaseDialog } from "./edit-case-dialog.tsx";
import { EvidenceTable } from "./evidence-table.tsx";
import { NotesPanel } from "./notes-panel.tsx";
import { ProtectionPanel } from "./protection-panel.tsx";
import styles from "./record-page.module.css";
import { usePageTitle } from "./page-title.ts";
import { ServiceFailure } from "./service-failure.tsx";
import { useNextPage } from "./use-next-page.ts";

export function CasePage({ caseId }: { readonly caseId: string }) {
  const answer = useCase(caseId);
  if (answer.isPending) return <Message busy title="Loading the case…" />;
  if (answer.isError && answer.data === undefined) {
    return <ServiceFailure error={answer.error} onRetry={() => void answer.refetch()} what="case" />;
  }
  return <LoadedCase answer={answer.data} />;
}

function LoadedCase({ answer }: { readonly answer: WebCaseAnswer }) {
  const shown = answer.case;
  usePageTitle(shown.name);
  return (
    <div className={styles["page"]}>
      <nav className={styles["crumbs"]} aria-label="You are here">
        <RouteLink to={{ page: "caseList", text: "" }}>All cases</RouteLink>
      </nav>
      <header className={styles["header"]}>
        <h1>
          <Name>{shown.name}</Name>
        </h1>
        <CaseStateBadge state={shown.state} />
        <AuditLink of={{ kind: "case", id: shown.caseId }} />
        <a href={receiptFile("cases", shown.caseId)} download>
          Signed receipt
        </a>
        {answer.level === "manage" && <StateChange shown={shown} />}
      </header>
      <div className={styles["columns"]}>
        <CaseFacts answer={answer} />
        <CaseEvidence shown={shown} />
      </div>
      <NotesPanel answer={answer} />
      <ProtectionPanel place={{ kind: "case", id: shown.caseId }} isChangeable={answer.level === "manage"} />
      {answer.level === "manage" && (
        <AccessPanel
          place={{ kind: "case", id: shown.caseId }}
          title="Who sees this case"
          emptyText="Only those who manage every case see this one."
        />
      )}
    </div>
  );
}

function CaseFacts({ answer }: { readonly answer: WebCaseAnswer }) {
  const [isOpen, setOpen] = useState(false);
  const mayEdit = answer.level === "edit" || answer.level === "manage";
  const isEditable = mayEdit && answer.case.state === "open";
  return (
    <Panel
      title="Facts"
      aside={
        isEditable && (
          <Button size="small" onPress={() => setOpen(true)}>
            Edit…
          </Button>
        )
      }
    >
      <Facts facts={caseFacts(answer)} />
      {isOpen && <EditCaseDialog answer={answer} onClose={() => setOpen(false)} />}
    </Panel>
  );
}

function StateChange({ shown }: { readonly shown: WebCase }) {
  const change = useCaseStateChange(shown.caseId);
  const action = shown.state === "open" ? "close" : "reopen";
  return (
    <div className={styles["change"]}>
      <ChangeStatus error={change.error}>
        {shown.state === "closed" && "A closed case takes no evidence until it is reopened."}
      </ChangeStatus>
      <Button isPending={change.isPending} onPress={() => change.mutate(action)}>
        {action === "close" ? "Close case" : "Reopen case"}
      </Button>
    </div>
  );
}

function CaseEvidence({ shown }: { readonly shown: WebCase }) {
  const list = useEvidenceList({ text: "", caseId: shown.caseId, withoutCase: false });
  const loadMore = useNextPage(list);
  const evidence = list.data?.pages.flatMap((page) => page.evidence) ?? [];
  const count = Math.max(shown.evidenceCount, evidence.length);
  return (
    <Panel title="Evidence of this case" aside={<Quiet>{formatCount(count, "item")}</Quiet>}>
      {list.isPending && <Message busy title="Loading evidence…" />}
      {list.isError && <ServiceFailure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && evidence.length === 0 && <Message title="No evidence has been sent to this case." />}
      {evidence.length > 0 && (
        <div className={styles["table"]}>
          <EvidenceTable evidence={evidence} scope="case" loadMore={loadMore} />
        </div>
      )}
    </Panel>
  );
}
