/** The thread that compares passwords, one after the other. */
import { parentPort } from "node:worker_threads";
import { z } from "zod";
import { passwordMatches } from "./passwords.ts";

const askedSchema = z.object({ id: z.int(), password: z.string(), stored: z.string().nullable() });

parentPort?.on("message", (message: unknown) => {
  const { id, password, stored } = askedSchema.parse(message);
  parentPort?.postMessage({ id, matches: passwordMatches(password, stored ?? undefined) });
});
