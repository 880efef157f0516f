import type { WebCase } from "#shared/web-api/web-api.ts";
import { Badge } from "../design-system/badge.tsx";

export function CaseStateBadge({ state }: Pick<WebCase, "state">) {
  return state === "open" ? <Badge text="Open" tone="good" /> : <Badge text="Closed" tone="quiet" />;
}
