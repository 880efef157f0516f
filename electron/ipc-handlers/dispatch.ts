import { requests, type RequestName } from "#shared/ipc-contract/contract.ts";
import { answeredAtOnce, failed, failedAs, type Outcome } from "#shared/domain/failure.ts";
import type { Operator } from "#shared/domain/operator.ts";
import { diskFailureOf } from "./disk-failure.ts";
import { JournalRefused } from "../export-pipeline/ports/journal-refused.ts";
import type { Caller, Handlers } from "./handler.ts";

/**
 * Answers one request of the renderer: known name, right shape, allowed, then handled. Whatever comes in,
 * an `Outcome` goes out; a bug is logged here and told as INTERNAL.
 */
export async function dispatch(
  handlers: Handlers,
  caller: Caller,
  { name, input }: { readonly name: unknown; readonly input: unknown },
): Promise<Outcome<unknown>> {
  if (!isRequestName(name)) return failed("BAD_REQUEST", "The main process does not know this request.");
  const definition = requests[name];
  const refusal = refusalOf(definition.access, caller.operator);
  if (refusal !== null) return refusal;
  const parsed = definition.input.safeParse(input);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    console.error(`The request ${name} does not fit: ${issue?.path.join(".")}: ${issue?.message}`);
    return failed("BAD_REQUEST", "The console's window asked for something that the console does not take.");
  }
  try {
    const handle = handlers[name] as (input: unknown, caller: Caller) => Promise<Outcome<unknown>>;
    return await handle(parsed.data, caller);
  } catch (error) {
    if (error instanceof JournalRefused) return failedAs(answeredAtOnce(error.failure));
    console.error(`The request ${name} failed.`, error);
    return diskFailureOf(error) ?? failed("INTERNAL", "The console made a mistake.");
  }
}

function refusalOf(access: (typeof requests)[RequestName]["access"], operator: Operator | null) {
  if (access === "anyone") return null;
  if (operator === null) return failed("NOT_SIGNED_IN", "Nobody is logged on.");
  if (access === "operator" || operator.privileges.includes(access)) return null;
  return failed("NOT_PERMITTED", "You do not have the privilege for this.");
}

function isRequestName(name: unknown): name is RequestName {
  return typeof name === "string" && Object.hasOwn(requests, name);
}
