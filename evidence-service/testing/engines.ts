/** The engines that keep metadata, each fresh for a test. */
import { openPostgresMetadata } from "../storage/postgres/postgres-metadata.ts";
import type { PostgresPlace } from "../storage/postgres/postgres-place.ts";
import type { Metadata } from "../storage/metadata-tables.ts";
import { openSqliteMetadata } from "../storage/sqlite-metadata.ts";
import { PostgresCluster } from "./postgres-cluster.ts";

/** Opened metadata, and the same once more as another process would open them. */
export interface TestEngine {
  readonly db: Metadata;
  /** Where it is. */
  readonly place: { readonly kind: "sqlite" } | ({ readonly kind: "postgres" } & PostgresPlace);
  /** null where one process has it for itself. */
  readonly another: (() => Promise<Metadata>) | null;
  readonly close: () => Promise<void>;
}

export interface TestEngines {
  readonly name: string;
  open(): Promise<TestEngine>;
  close(): Promise<void>;
}

class SqliteEngines implements TestEngines {
  readonly name = "SQLite";

  async open(): Promise<TestEngine> {
    const db = openSqliteMetadata(":memory:");
    return { db, place: { kind: "sqlite" }, another: null, close: () => db.destroy() };
  }

  async close(): Promise<void> {}
}

class PostgresEngines implements TestEngines {
  readonly name = "PostgreSQL";
  readonly cluster: PostgresCluster;
  #schemas = 0;

  constructor(cluster: PostgresCluster) {
    this.cluster = cluster;
  }

  async open(): Promise<TestEngine> {
    this.#schemas += 1;
    const place = { kind: "postgres", url: this.cluster.url, schema: `test_${this.#schemas}` } as const;
    const opened: Metadata[] = [];
    const open = async (): Promise<Metadata> => {
      const metadata = await openPostgresMetadata(place, () => undefined);
      opened.push(metadata);
      return metadata;
    };
    const close = async (): Promise<void> => {
      for (const db of opened) await db.destroy();
    };
    return { db: await open(), place, another: open, close };
  }

  close(): Promise<void> {
    return this.cluster.stop();
  }
}

/** Both, or SQLite alone where PostgreSQL is not installed, which is said. */
export async function testEngines(): Promise<readonly TestEngines[]> {
  const cluster = await PostgresCluster.start();
  if (cluster === null) console.log("PostgreSQL is not tested: it is not installed.");
  return [new SqliteEngines(), ...(cluster === null ? [] : [new PostgresEngines(cluster)])];
}
