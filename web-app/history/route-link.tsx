import type { MouseEvent, ReactNode } from "react";
import { goTo } from "./navigation.ts";
import { addressOf, type Route } from "./route.ts";

interface RouteLinkProps {
  readonly to: Route;
  readonly current?: boolean;
  readonly className?: string;
  /** What it is called, where what it shows is not whole. */
  readonly label?: string;
  readonly children: ReactNode;
}

/** A link with a real address: opens in a new tab like any other, and without a reload in this one. */
export function RouteLink({ to, current = false, className, label, children }: RouteLinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    goTo(to);
  };
  return (
    <a
      href={addressOf(to)}
      onClick={follow}
      className={className}
      aria-label={label}
      aria-current={current ? "page" : undefined}
    >
      {children}
    </a>
  );
}
