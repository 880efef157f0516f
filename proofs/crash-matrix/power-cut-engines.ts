/** On what the evidence service keeps its metadata while the power is cut, and how they are opened afterwards. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openPostgresMetadata } from "#evidence-service/storage/postgres/postgres-metadata.ts";
import type { Metadata } from "#evidence-service/storage/metadata-tables.ts";
import { openSqliteMetadata } from "#evidence-service/storage/sqlite-metadata.ts";
import { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";

export interface OpenedMetadata {
  readonly db: Metadata;
  readonly close: () => Promise<void>;
}

export interface PowerCutEngine {
  readonly name: string;
  /** Of the disk that it lies on. */
  readonly sizeMib: number;
  /** Begins on an empty disk. @returns its address, where it has one, and how it ends without a word to the disk */
  start(folder: string): Promise<{ readonly url: string | null; readonly kill: () => Promise<void> }>;
  /** What the disk held at the cut. */
  recovered(folder: string): Promise<OpenedMetadata>;
}

/** @param url of PostgreSQL; null for SQLite in the folder */
export async function openMetadata(folder: string, url: string | null): Promise<Metadata> {
  if (url === null) return openSqliteMetadata(join(folder, "evidence.sqlite"));
  return openPostgresMetadata({ url, schema: "service" }, () => undefined);
}

export const SQLITE: PowerCutEngine = {
  name: "SQLite",
  sizeMib: 96,
  start: async () => ({ url: null, kill: async () => undefined }),
  async recovered(folder) {
    const db = await openMetadata(folder, null);
    return { db, close: () => db.destroy() };
  },
};

export const POSTGRES: PowerCutEngine = {
  name: "PostgreSQL",
  sizeMib: 400,
  async start(folder) {
    await mkdir(clusterIn(folder));
    const cluster = await PostgresCluster.start(clusterIn(folder));
    if (cluster === null) throw new Error("PostgreSQL is not installed.");
    return { url: cluster.url, kill: () => cluster.kill() };
  },
  async recovered(folder) {
    const cluster = await PostgresCluster.recovered(clusterIn(folder));
    const db = await openMetadata(folder, cluster.url);
    const close = async (): Promise<void> => {
      await db.destroy();
      await cluster.kill();
    };
    return { db, close };
  },
};

const clusterIn = (folder: string): string => join(folder, "postgres");
