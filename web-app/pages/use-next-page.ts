import { useCallback } from "react";

interface PagedList {
  readonly hasNextPage: boolean;
  readonly isFetching: boolean;
  readonly fetchNextPage: () => Promise<unknown>;
}

/** Asks for the next page unless one is on its way; null when there is none. */
export function useNextPage({ hasNextPage, isFetching, fetchNextPage }: PagedList): (() => void) | null {
  const load = useCallback(() => {
    if (!isFetching) void fetchNextPage();
  }, [isFetching, fetchNextPage]);
  return hasNextPage ? load : null;
}
