import { useMemo, useSyncExternalStore } from "react";
import { addressOf, parseRoute, type Route } from "./route.ts";

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener("popstate", listener);
  };
}

function address(): string {
  return window.location.pathname + window.location.search;
}

/** Goes to a route as a new entry of the browser's history. */
export function goTo(route: Route): void {
  if (addressOf(route) !== address()) window.history.pushState(null, "", addressOf(route));
  window.scrollTo(0, 0);
  for (const listener of listeners) listener();
}

/** Changes the address without a new entry of the history, e.g. while a search is typed. */
export function replaceWith(route: Route): void {
  window.history.replaceState(null, "", addressOf(route));
  for (const listener of listeners) listener();
}

/** The route of the present address; renders anew when it changes. */
export function useRoute(): Route {
  const current = useSyncExternalStore(subscribe, address);
  return useMemo(() => {
    const url = new URL(current, window.location.origin);
    return parseRoute(url.pathname, url.search);
  }, [current]);
}
