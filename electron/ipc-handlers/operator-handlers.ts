import type { LogOnState } from "#shared/ipc-contract/operator-contract.ts";
import type { Operator } from "#shared/domain/operator.ts";
import { visibleName } from "#shared/domain/names.ts";
import { succeeded } from "#shared/domain/failure.ts";
import type { OperatorList } from "../adapters/site/operator-list.ts";
import type { SiteFacts } from "../adapters/site/site-folder.ts";
import type { AreaHandlers } from "./handler.ts";

export interface LoggedOn {
  operator: Operator | null;
}

export interface OperatorParts {
  readonly loggedOn: LoggedOn;
  readonly operators: OperatorList;
}

interface StateParts extends OperatorParts {
  readonly facts: SiteFacts;
  readonly ofRun: Pick<LogOnState, "runtime" | "endedByErrorUtcMs">;
}

/** What the page knows of the site and of who is logged on, as it is now. */
export function logOnStateOf({ loggedOn, operators, facts, ofRun }: StateParts): LogOnState {
  return {
    siteName: visibleName(facts.name),
    siteTimeZone: facts.timeZone,
    demoOperators: operators.demoOperators,
    operator: loggedOn.operator && {
      ...loggedOn.operator,
      displayName: visibleName(loggedOn.operator.displayName),
      privileges: [...loggedOn.operator.privileges],
    },
    ...ofRun,
  };
}

interface HandlerParts extends OperatorParts {
  readonly state: () => LogOnState;
  /** Told whenever somebody has logged on or off. */
  readonly announce: () => void;
}

export function operatorHandlers(parts: HandlerParts): AreaHandlers<"operator"> {
  const { loggedOn, operators, state, announce } = parts;
  const change = (operator: Operator | null) => {
    loggedOn.operator = operator;
    announce();
    return succeeded(state());
  };
  return {
    "operator.state": () => succeeded(state()),
    "operator.logOn": async ({ username, password }) => {
      const found = await operators.logOn(username, password);
      return found.ok ? change(found.value) : found;
    },
    "operator.logOff": () => change(null),
  };
}
