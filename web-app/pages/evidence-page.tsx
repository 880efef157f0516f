import { lazy, Suspense } from "react";
import { Button } from "#design-system/components/button.tsx";
import type { WebEvidenceAnswer } from "#shared/web-api/web-api.ts";
import { Facts } from "#design-system/components/facts.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Name } from "#design-system/components/name.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { RouteLink } from "../history/route-link.tsx";
import { AccessPanel } from "./access-panel.tsx";
import { receiptFile } from "../service-client/audit.ts";
import { useEvidence } from "../service-client/evidence.ts";
import { AuditLink } from "./audit-link.tsx";
import { evidenceFacts, videoFacts } from "./evidence-facts.tsx";
import { EvidenceStateBadge } from "./evidence-state-badge.tsx";
import { FileTable } from "./file-table.tsx";
import { ProtectionPanel } from "./protection-panel.tsx";
import styles from "./record-page.module.css";
import { usePageTitle } from "./page-title.ts";
import { ReceivingProgress } from "./receiving-progress.tsx";
import { ServiceFailure } from "./service-failure.tsx";
import { UnlinkButton } from "./unlink-button.tsx";
import { VerificationPanel } from "./verification-panel.tsx";

/** video.js is most of the application's size; lists and forms do not wait for it. */
const EvidencePlayer = lazy(() => import("../player/evidence-player.tsx"));

interface EvidencePageProps {
  readonly evidenceId: string;
  /** Where the video begins, seconds from its first shown frame. */
  readonly startS: number;
  /** A file that is shown among the others; null for none. */
  readonly fileId: string | null;
}

export function EvidencePage({ evidenceId, startS, fileId }: EvidencePageProps) {
  const answer = useEvidence(evidenceId);
  if (answer.isPending) return <Message busy title="Loading the evidence…" />;
  if (answer.isError && answer.data === undefined) {
    return <ServiceFailure error={answer.error} onRetry={() => void answer.refetch()} what="evidence" />;
  }
  return <LoadedEvidence answer={answer.data} startS={startS} fileId={fileId} />;
}

interface LoadedEvidenceProps extends Omit<EvidencePageProps, "evidenceId"> {
  readonly answer: WebEvidenceAnswer;
}

function LoadedEvidence({ answer, startS, fileId }: LoadedEvidenceProps) {
  const { evidence, consolidated } = answer;
  usePageTitle(evidence.name);
  return (
    <div className={styles["page"]}>
      <nav className={styles["crumbs"]} aria-label="You are here">
        <RouteLink to={{ page: "evidenceList", text: "", withoutCase: false }}>All evidence</RouteLink>
        {evidence.caseId !== null && (
          <RouteLink to={{ page: "case", caseId: evidence.caseId }}>
            <Name>{evidence.caseName ?? evidence.caseId}</Name>
          </RouteLink>
        )}
      </nav>
      <header className={styles["header"]}>
        <h1>
          <Name>{evidence.name}</Name>
        </h1>
        <EvidenceStateBadge {...evidence} />
        <AuditLink of={{ kind: "evidence", id: evidence.evidenceId }} />
        <a href={receiptFile("evidence", evidence.evidenceId)} download>
          Signed receipt
        </a>
        {consolidated !== null && answer.level !== "view" && (
          <DownloadButton path={consolidated.downloadPath} />
        )}
      </header>
      <div className={styles["columnsWideFirst"]}>
        <Content answer={answer} startS={startS} />
        <div className={styles["side"]}>
          <Panel title="Facts" aside={<UnlinkButton answer={answer} />}>
            <Facts facts={evidenceFacts(evidence)} />
          </Panel>
          <VerificationPanel answer={answer} />
        </div>
      </div>
      <FileTable answer={answer} shownId={fileId} />
      <ProtectionPanel
        place={{ kind: "evidence", id: evidence.evidenceId }}
        isChangeable={answer.level === "manage"}
      />
      {answer.level === "manage" && evidence.caseId === null && (
        <AccessPanel
          place={{ kind: "evidence", id: evidence.evidenceId }}
          title="Who sees this evidence"
          emptyText="Only those who manage every evidence see this one."
        />
      )}
      {consolidated !== null && (
        <Panel title="Consolidated video">
          <Facts facts={videoFacts(consolidated, evidence)} isAcross />
        </Panel>
      )}
    </div>
  );
}

function DownloadButton({ path }: { readonly path: string }) {
  return (
    <div className={styles["download"]}>
      <Button variant="primary" icon="download" onPress={() => download(path)}>
        Download consolidated video
      </Button>
    </div>
  );
}

/** Lets the browser download a file of this origin; its name comes with the answer. */
function download(path: string): void {
  const link = document.createElement("a");
  link.href = path;
  link.download = "";
  link.click();
}

/** What can be seen of the evidence in its present state. */
function Content({ answer, startS }: Omit<LoadedEvidenceProps, "fileId">) {
  const { evidence, resources, consolidated } = answer;
  switch (evidence.state) {
    case "receiving":
      return <ReceivingProgress evidence={evidence} resources={resources} />;
    case "processing":
      return (
        <Message busy title="Every file has arrived.">
          <p>The service checks the files and joins their segments into one video.</p>
        </Message>
      );
    case "failed":
      return (
        <Message tone="problem" title="This evidence could not be made available.">
          <p>{evidence.stateDetail ?? "The service gave no reason."}</p>
          <p>The files that arrived are kept and listed below.</p>
        </Message>
      );
    case "deleted":
      return <Message title="This evidence was deleted." />;
    case "available":
      return consolidated === null ? (
        <NoVideo />
      ) : (
        <Player answer={answer} consolidated={consolidated} startS={startS} />
      );
  }
}

function NoVideo() {
  return <Message title="This evidence holds no video. Its files are listed below." />;
}

interface PlayerProps {
  readonly answer: WebEvidenceAnswer;
  readonly consolidated: NonNullable<WebEvidenceAnswer["consolidated"]>;
  readonly startS: number;
}

function Player({ answer, consolidated, startS }: PlayerProps) {
  return (
    <Suspense fallback={<Message busy title="Loading the player…" />}>
      <EvidencePlayer evidence={answer.evidence} consolidated={consolidated} startS={startS} />
    </Suspense>
  );
}
