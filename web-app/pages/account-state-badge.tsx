import type { WebPerson } from "#shared/web-api/people.ts";
import { type State, StateBadge } from "./state-badge.tsx";

const STATES: Readonly<Record<WebPerson["state"], State>> = {
  active: { text: "Active", standing: "good" },
  invited: { text: "Invited", standing: "moving" },
  locked: { text: "Locked", standing: "quiet" },
};

export function AccountStateBadge({ state }: Pick<WebPerson, "state">) {
  return <StateBadge {...STATES[state]} />;
}
