import { Button } from "#design-system/components/button.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { Mono, NoValue } from "#design-system/components/text.tsx";
import { ShortTable } from "#design-system/tables/short-table.tsx";
import type { Column } from "#design-system/tables/table-parts.tsx";
import type { WebJob, WebJobs } from "#shared/web-api/web-api.ts";
import { RouteLink } from "../history/route-link.tsx";
import { useJobChange, useJobs } from "../service-client/administration.ts";
import { Time } from "../wall-clock/time.tsx";
import { ChangeStatus } from "./change-status.tsx";
import styles from "./jobs-panel.module.css";
import { ServiceFailure } from "./service-failure.tsx";

/** What a kind of job does; one that is not known here is called as the service does. */
const KINDS: Readonly<Record<string, string>> = {
  consolidate: "Joins the video of an evidence",
  "remove-blob": "Removes a purged file",
  "verify-everything": "Verifies everything",
  "rewrap-content-keys": "Wraps the keys of all files for the service’s new key",
  "index-audit": "Takes entries of the audit trail up into its index",
  "keep-retention": "Lets evidence go as its retention says",
};

const STATES: readonly { readonly state: keyof WebJobs["counts"]; readonly label: string }[] = [
  { state: "failed", label: "Given up" },
  { state: "running", label: "Running" },
  { state: "waiting", label: "Waiting" },
];

/** What the service does by itself: how far it is, what was given up and can be started anew. */
export function JobsPanel() {
  const answer = useJobs();
  const starting = useJobChange("start-anew");
  const cancelling = useJobChange("cancel");
  return (
    <Panel title="Jobs">
      {answer.data !== undefined ? (
        <Jobs
          jobs={answer.data}
          onStartAnew={(job) => starting.mutate(job)}
          onCancel={(job) => cancelling.mutate(job)}
        />
      ) : answer.isError ? (
        <ServiceFailure error={answer.error} onRetry={() => void answer.refetch()} />
      ) : (
        <Message busy title="Asking the service…" />
      )}
      <ChangeStatus error={starting.error ?? cancelling.error}>{null}</ChangeStatus>
    </Panel>
  );
}

interface JobsProps {
  readonly jobs: WebJobs;
  readonly onStartAnew: (job: WebJob) => void;
  readonly onCancel: (job: WebJob) => void;
}

function Jobs({ jobs, onStartAnew, onCancel }: JobsProps) {
  const shown = STATES.filter(({ state }) => jobs.counts[state] > 0);
  if (shown.length === 0) return <Message title="Nothing is under way, and nothing was given up." />;
  return shown.map(({ state, label }) => (
    <section key={state} className={styles["state"]}>
      <h3>
        {label}: {countText(jobs.counts[state], jobs[state].length)}
      </h3>
      <ShortTable
        label={`${label} jobs`}
        columns={columnsOf(state === "failed" ? onStartAnew : onCancel, state)}
        records={jobs[state]}
        keyOf={({ kind, jobId }) => `${kind} ${jobId}`}
      />
    </section>
  ));
}

const MORE = 1_000;

function countText(count: number, shown: number): string {
  const text = count >= MORE ? "1,000 or more" : String(count);
  return shown < count ? `${text}, the oldest ${shown} are shown` : text;
}

function columnsOf(
  onPress: (job: WebJob) => void,
  state: keyof WebJobs["counts"],
): readonly Column<WebJob>[] {
  const word = state === "failed" ? "Start anew" : "Cancel";
  return [
    { header: "What", cell: (job) => <What job={job} /> },
    { header: "Since", widthPx: 220, cell: ({ sinceUtc }) => <Time utc={sinceUtc} /> },
    ...(state === "running" ? [{ header: "Done", widthPx: 90, cell: progressText }] : []),
    { header: "Latest failure", cell: failureText },
    {
      header: "Change",
      widthPx: 116,
      cell: (job) => (
        <Button
          size="small"
          aria-label={`${word}: ${KINDS[job.kind] ?? job.kind} ${job.subject}`}
          onPress={() => onPress(job)}
        >
          {word}
        </Button>
      ),
    },
  ];
}

function What({ job: { kind, subject } }: { readonly job: WebJob }) {
  const name = KINDS[kind] ?? kind;
  if (kind !== "consolidate") {
    return (
      <span className={styles["whole"]}>
        {name} <Mono>{subject}</Mono>
      </span>
    );
  }
  return <RouteLink to={{ page: "evidence", evidenceId: subject }}>{name}</RouteLink>;
}

function failureText({ detail }: WebJob) {
  return detail === null ? <NoValue /> : <span className={styles["whole"]}>{detail}</span>;
}

function progressText({ progress }: WebJob) {
  return progress === null ? <NoValue /> : `${progress.done} of ${progress.total}`;
}
