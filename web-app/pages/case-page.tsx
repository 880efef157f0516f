import { Button } from "react-aria-components";
import type { WebCase, WebCaseAnswer } from "#shared/web-api/web-api.ts";
import { formatCount } from "#shared/words/amounts.ts";
import { Facts } from "../design-system/facts.tsx";
import { Message } from "../design-system/message.tsx";
import { Name } from "../design-system/name.tsx";
import { Panel } from "../design-system/panel.tsx";
import { RouteLink } from "../history/route-link.tsx";
import { useCase, useCaseStateChange } from "../service-client/cases.ts";
import { useEvidenceList } from "../service-client/evidence.ts";
import { caseFacts } from "./case-facts.tsx";
import { CaseStateBadge } from "./case-state-badge.tsx";
import { EvidenceTable } from "./evidence-table.tsx";
import { usePageTitle } from "./page-title.ts";
import { sentenceOf, ServiceFailure } from "./service-failure.tsx";
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
    <div className="record-page">
      <nav className="crumbs" aria-label="You are here">
        <RouteLink to={{ page: "caseList", text: "" }}>All cases</RouteLink>
      </nav>
      <header className="record-header">
        <h1>
          <Name>{shown.name}</Name>
        </h1>
        <CaseStateBadge state={shown.state} />
        <StateChange shown={shown} />
      </header>
      <div className="record-columns">
        <Panel title="Facts" className="side-panel">
          <Facts facts={caseFacts(answer)} />
        </Panel>
        <CaseEvidence shown={shown} />
      </div>
    </div>
  );
}

function StateChange({ shown }: { readonly shown: WebCase }) {
  const change = useCaseStateChange(shown.caseId);
  const action = shown.state === "open" ? "close" : "reopen";
  return (
    <div className="state-change">
      <span role="status" className={change.isError ? "refusal" : "hint"}>
        {change.isError && sentenceOf(change.error)}
        {!change.isError &&
          shown.state === "closed" &&
          "A closed case takes no evidence until it is reopened."}
      </span>
      <Button className="button" isPending={change.isPending} onPress={() => change.mutate(action)}>
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
    <Panel
      title="Evidence of this case"
      className="table-panel"
      aside={<span className="hint">{formatCount(count, "item")}</span>}
    >
      {list.isPending && <Message busy title="Loading evidence…" />}
      {list.isError && <ServiceFailure error={list.error} onRetry={() => void list.refetch()} />}
      {list.isSuccess && evidence.length === 0 && <Message title="No evidence has been sent to this case." />}
      {evidence.length > 0 && <EvidenceTable evidence={evidence} scope="case" loadMore={loadMore} />}
    </Panel>
  );
}
