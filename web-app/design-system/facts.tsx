import type { ReactNode } from "react";
import { Name } from "./name.tsx";

export interface Fact {
  readonly label: string;
  /** Shown as a dash when empty; a text may be anybody's and keeps to itself. */
  readonly value: ReactNode;
}

/** Labels with their values, aligned in two columns. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts.map(({ label, value }, place) => (
        <div key={`${place} ${label}`} className="fact">
          <dt>
            <Name>{label}</Name>
          </dt>
          <dd>{shown(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function shown(value: ReactNode): ReactNode {
  if (value === "" || value === null) return <span className="empty">–</span>;
  return typeof value === "string" ? <Name mayBreak>{value}</Name> : value;
}
