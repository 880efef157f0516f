import { Facts } from "#design-system/components/facts.tsx";
import { Message } from "#design-system/components/message.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { Mono } from "#design-system/components/text.tsx";
import type { WebAdministration } from "#shared/web-api/web-api.ts";
import { formatCount } from "#shared/words/amounts.ts";
import { useAdministration } from "../service-client/administration.ts";
import styles from "./administration-page.module.css";
import { CataloguePanel } from "./catalogue-panel.tsx";
import { DefaultAccess } from "./default-access.tsx";
import { EverythingPanel } from "./everything-panel.tsx";
import { InstallationPanel } from "./installation-panel.tsx";
import { JobsPanel } from "./jobs-panel.tsx";
import { usePageTitle } from "./page-title.ts";
import { RetentionPanel } from "./retention-panel.tsx";
import { ServiceFailure } from "./service-failure.tsx";

const ENGINES: Readonly<Record<WebAdministration["metadata"], string>> = {
  sqlite: "SQLite, in the service's folder",
  postgres: "PostgreSQL",
};

const PLACES: Readonly<Record<WebAdministration["files"]["place"], string>> = {
  folder: "In the service's folder",
  bucket: "In a bucket of an object store",
  azure: "In a container in Azure",
};

function bucketFacts({ lock, hasVersions }: WebAdministration["files"]) {
  const locked = lock === null ? "None" : `${formatCount(lock.days, "day")}, ${lock.mode} mode`;
  return [
    { label: "Lock of completed evidence", value: locked },
    { label: "Versions in the bucket", value: hasVersions ? "Kept" : "None" },
  ];
}

/** What whoever keeps the service running should know. */
export function AdministrationPage() {
  usePageTitle("Administration");
  const answer = useAdministration();
  if (answer.isPending) return <Message busy title="Asking the service…" />;
  if (answer.isError && answer.data === undefined) {
    return <ServiceFailure error={answer.error} onRetry={() => void answer.refetch()} />;
  }
  const { metadata, files, installation, warnings } = answer.data;
  return (
    <div className={styles["page"]}>
      <h1>Administration</h1>
      <Panel title="Warnings">
        {warnings.length === 0 ? <Message title="There is nothing to mend." /> : <Warnings of={warnings} />}
      </Panel>
      <CataloguePanel list="departments" />
      <CataloguePanel list="categories" />
      <RetentionPanel />
      <DefaultAccess />
      <EverythingPanel />
      <JobsPanel />
      <InstallationPanel installation={installation} />
      <Panel title="Setup">
        <Facts
          facts={[
            { label: "Metadata", value: ENGINES[metadata] },
            { label: "Stored files", value: PLACES[files.place] },
            ...(files.place === "bucket" ? bucketFacts(files) : []),
          ]}
        />
      </Panel>
    </div>
  );
}

function Warnings({ of }: { readonly of: WebAdministration["warnings"] }) {
  return (
    <ul className={styles["warnings"]} aria-label="Warnings">
      {of.map(({ code, message, action }) => (
        <li key={code}>
          <p className={styles["message"]}>{message}</p>
          <p>{action}</p>
          <Mono>{code}</Mono>
        </li>
      ))}
    </ul>
  );
}
