import type { WebCase } from "#shared/web-api/web-api.ts";
import { StateBadge } from "./state-badge.tsx";

export function CaseStateBadge({ state }: Pick<WebCase, "state">) {
  return state === "open" ? (
    <StateBadge text="Open" standing="good" />
  ) : (
    <StateBadge text="Closed" standing="quiet" />
  );
}
