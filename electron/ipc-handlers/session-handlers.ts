import type { SessionState } from "#shared/ipc-contract/session-contract.ts";
import type { Operator } from "#shared/domain/operator.ts";
import { visibleName } from "#shared/domain/names.ts";
import { succeeded } from "#shared/domain/failure.ts";
import type { OperatorList } from "../adapters/site/operator-list.ts";
import type { SiteFacts } from "../adapters/site/site-folder.ts";
import type { AreaHandlers } from "./handler.ts";

export interface Session {
  operator: Operator | null;
}

/** What the page knows of the site and of who is logged on, as it is now. */
export function sessionStateOf(
  session: Session,
  operators: OperatorList,
  facts: SiteFacts,
  ofRun: Pick<SessionState, "runtime" | "endedByErrorUtcMs">,
): SessionState {
  return {
    siteName: visibleName(facts.name),
    siteTimeZone: facts.timeZone,
    demoOperators: operators.demoOperators,
    operator: session.operator && {
      ...session.operator,
      displayName: visibleName(session.operator.displayName),
      privileges: [...session.operator.privileges],
    },
    ...ofRun,
  };
}

export function sessionHandlers(
  session: Session,
  operators: OperatorList,
  state: () => SessionState,
  announce: () => void,
): AreaHandlers<"session"> {
  const change = (operator: Operator | null) => {
    session.operator = operator;
    announce();
    return succeeded(state());
  };
  return {
    "session.state": () => succeeded(state()),
    "session.logOn": async ({ username, password }) => {
      const loggedOn = await operators.logOn(username, password);
      return loggedOn.ok ? change(loggedOn.value) : loggedOn;
    },
    "session.logOff": () => change(null),
  };
}
