import type { WebPerson } from "#shared/web-api/people.ts";
import { Badge } from "#design-system/components/badge.tsx";
import { StateBadge } from "./state-badge.tsx";

export function AccountStateBadge({ state }: Pick<WebPerson, "state">) {
  switch (state) {
    case "active":
      return <StateBadge text="Active" standing="good" />;
    case "locked":
      return <StateBadge text="Locked" standing="quiet" />;
    case "invited":
      // Nothing moves: the person has to.
      return (
        <Badge tone="accent" icon="wait">
          Invited
        </Badge>
      );
  }
}
