import { CompiledQuery, type DatabaseConnection, type Driver } from "kysely";
import { expect, test } from "vitest";
import { TrailMark } from "../trail-mark.ts";
import { OneWriterDriver } from "./postgres-driver.ts";

/** The words of the client library. */
const BROKEN = "Client has encountered a connection error and is not queryable";

const done = { executeQuery: async () => ({ rows: [] }) } as unknown as DatabaseConnection;
const pool = (undo: () => Promise<void>): Driver =>
  ({
    acquireConnection: async () => done,
    releaseConnection: async () => undefined,
    beginTransaction: async () => undefined,
    rollbackTransaction: undo,
  }) as unknown as Driver;

async function undone(error: Error): Promise<void> {
  const driver = new OneWriterDriver(
    pool(() => Promise.reject(error)),
    1,
    { trail: new TrailMark(), missing: { explain: async (failure) => failure } },
  );
  const connection = await driver.acquireConnection();
  await driver.beginTransaction(connection, {});
  await connection.executeQuery(CompiledQuery.raw("select 1"));
  await driver.rollbackTransaction(connection);
}

test("a transaction whose connection broke off is undone, and hides nothing of why", async () => {
  await expect(undone(new Error(BROKEN))).resolves.toBeUndefined();
});

test("what else goes wrong with undoing is told", async () => {
  await expect(undone(new Error("syntax error"))).rejects.toThrow("syntax error");
});
