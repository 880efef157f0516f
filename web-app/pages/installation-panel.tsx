import { Facts } from "#design-system/components/facts.tsx";
import { Panel } from "#design-system/components/panel.tsx";
import { Mono, NoValue } from "#design-system/components/text.tsx";
import { ShortTable } from "#design-system/tables/short-table.tsx";
import type { Column } from "#design-system/tables/table-parts.tsx";
import type { WebAdministration } from "#shared/web-api/web-api.ts";
import { Time } from "../wall-clock/time.tsx";
import styles from "./jobs-panel.module.css";

type Installation = WebAdministration["installation"];
type Service = Installation["services"][number];
type Key = Installation["keys"][number];

/** What a kind of key is for; one that is not known here is called as the service does. */
const KEY_KINDS: Readonly<Record<string, string>> = {
  content: "Wraps the keys of files",
  token: "Signs tokens of access",
  address: "Signs addresses of files",
  audit: "Signs the audit trail",
};

const SERVICES: readonly Column<Service>[] = [
  { header: "Service", cell: ({ name, isThis }) => <Service name={name} isThis={isThis} /> },
  { header: "Connected since", widthPx: 220, cell: ({ sinceUtc }) => <Time utc={sinceUtc} /> },
];

const KEYS: readonly Column<Key>[] = [
  { header: "What it does", widthPx: 190, cell: ({ kind }) => KEY_KINDS[kind] ?? kind },
  { header: "Key", cell: ({ keyId }) => <WholeId id={keyId} /> },
  {
    header: "Made",
    widthPx: 220,
    cell: ({ madeUtc }) => (madeUtc === null ? "At the beginning" : <Time utc={madeUtc} />),
  },
  { header: "In use since", widthPx: 220, cell: ({ inUseSinceUtc }) => inUseText(inUseSinceUtc) },
];

/** Which processes serve the installation, when it was last backed up, and the keys that it uses. */
export function InstallationPanel({ installation }: { readonly installation: Installation }) {
  const { services, lastBackupUtc, keys } = installation;
  const lastBackup = lastBackupUtc === null ? "None was told to the service" : <Time utc={lastBackupUtc} />;
  return (
    <Panel title="This installation">
      <Facts facts={[{ label: "Last backup", value: lastBackup }]} />
      <section className={styles["state"]}>
        <h3>Services that run: {services.length}</h3>
        <ShortTable
          label="Services that run"
          columns={SERVICES}
          records={services}
          keyOf={({ name, sinceUtc }) => `${name} ${sinceUtc}`}
        />
      </section>
      <section className={styles["state"]}>
        <h3>Keys in use</h3>
        <ShortTable label="Keys in use" columns={KEYS} records={keys} keyOf={({ kind }) => kind} />
      </section>
    </Panel>
  );
}

function Service({ name, isThis }: Pick<Service, "name" | "isThis">) {
  return <span className={styles["whole"]}>{isThis ? `${name}, which answers this page` : name}</span>;
}

function WholeId({ id }: { readonly id: string }) {
  return (
    <span className={styles["whole"]}>
      <Mono>{id}</Mono>
    </span>
  );
}

function inUseText(inUseSinceUtc: string | null) {
  return inUseSinceUtc === null ? <NoValue /> : <Time utc={inUseSinceUtc} />;
}
