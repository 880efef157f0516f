/**
 * The thread that compares passwords, one after the other. It is slow by design, and takes from nobody else: where both
 * want the processor, whoever answers has it first.
 */
import { constants, setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { z } from "zod";
import { passwordIssue } from "./password-rules.ts";
import { hashPassword, passwordMatches } from "./passwords.ts";

// Elsewhere the priority is that of the whole process.
if (process.platform === "linux") setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const askedSchema = z.discriminatedUnion("ask", [
  z.object({ ask: z.literal("matches"), id: z.int(), password: z.string(), stored: z.string().nullable() }),
  z.object({ ask: z.literal("make"), id: z.int(), password: z.string(), names: z.array(z.string()) }),
]);

parentPort?.on("message", (message: unknown) => {
  const asked = askedSchema.parse(message);
  const { id, password } = asked;
  if (asked.ask === "matches") {
    parentPort?.postMessage({ id, answer: passwordMatches(password, asked.stored ?? undefined) });
    return;
  }
  void made(password, asked.names).then((answer) => parentPort?.postMessage({ id, answer }));
});

/** The list of known passwords is read with the first one that is made: most services make none for days. */
async function made(password: string, names: readonly string[]) {
  const { isKnownPassword: isKnown } = await import("./known-passwords.ts");
  const issue = passwordIssue(password, { names, isKnown });
  return issue === null ? { hash: hashPassword(password) } : { issue };
}
