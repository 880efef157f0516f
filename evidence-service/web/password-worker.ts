/**
 * The thread that compares passwords, one after the other. It is slow by design, and takes from nobody else: where both
 * want the processor, whoever answers has it first.
 */
import { constants, setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { z } from "zod";
import { passwordMatches } from "./passwords.ts";

// Elsewhere the priority is that of the whole process.
if (process.platform === "linux") setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const askedSchema = z.object({ id: z.int(), password: z.string(), stored: z.string().nullable() });

parentPort?.on("message", (message: unknown) => {
  const { id, password, stored } = askedSchema.parse(message);
  parentPort?.postMessage({ id, matches: passwordMatches(password, stored ?? undefined) });
});
