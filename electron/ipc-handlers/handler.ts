import type {
  DeepReadonly,
  RequestInput,
  RequestName,
  RequestOutput,
} from "#shared/ipc-contract/contract.ts";
import { answeredAtOnce, type Failure, failedAs, type Outcome } from "#shared/domain/failure.ts";
import type { Operator } from "#shared/domain/operator.ts";

/** Who asks, and from where. */
export interface Caller {
  /** Null before log-on. */
  readonly operator: Operator | null;
  /** The window's `webContents.id`. */
  readonly windowId: number;
}

type HandlerAnswer<Name extends RequestName> = Outcome<DeepReadonly<RequestOutput<Name>>>;

export type Handler<Name extends RequestName> = (
  input: RequestInput<Name>,
  caller: Caller,
) => HandlerAnswer<Name> | Promise<HandlerAnswer<Name>>;

/** A missing handler does not compile. */
export type Handlers<Names extends RequestName = RequestName> = { readonly [Name in Names]: Handler<Name> };

export type AreaHandlers<Prefix extends string> = Handlers<Extract<RequestName, `${Prefix}.${string}`>>;

/** The operator of a call that the dispatcher let through only for operators. */
export function operatorOf(caller: Caller): Operator {
  if (caller.operator === null) throw new Error("A call for operators came through without one.");
  return caller.operator;
}

/** A port's outcome as an answer: kinds and delays stay inside. */
export function answerOf<T>(outcome: { ok: true; value: T } | { ok: false; error: Failure }): Outcome<T> {
  return outcome.ok ? outcome : failedAs(answeredAtOnce(outcome.error));
}
