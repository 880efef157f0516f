import type { ReactNode } from "react";

export interface Fact {
  readonly label: string;
  /** Shown as a dash when empty. */
  readonly value: ReactNode;
}

/** Labels with their values, aligned in two columns. */
export function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl className="facts">
      {facts.map(({ label, value }, place) => (
        <div key={`${place} ${label}`} className="fact">
          <dt>{label}</dt>
          <dd>{value === "" || value === null ? <span className="empty">–</span> : value}</dd>
        </div>
      ))}
    </dl>
  );
}
