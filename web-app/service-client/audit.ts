import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { webAuditPageSchema } from "#shared/web-api/audit-api.ts";
import { API_ROOT, readFromService } from "./ask.ts";

export interface HistoryAsked {
  readonly kind: "trail" | "case" | "evidence" | "person";
  /** Of the case, the evidence or the person; empty for the whole trail. */
  readonly id: string;
  /** Members of auditFilterSchema; empty ones are left out. */
  readonly query: Readonly<Record<string, string>>;
}

/** A history, newest first, page by page. */
export function useAudit(asked: HistoryAsked) {
  return useInfiniteQuery({
    queryKey: ["audit", asked],
    queryFn: ({ pageParam, signal }) =>
      readFromService(webAuditPageSchema, {
        path: pathOf(asked),
        query: { ...asked.query, continuation: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.continuation,
    placeholderData: keepPreviousData,
  });
}

/** Where the same is a file. */
export function auditFile(format: "csv" | "json", asked: HistoryAsked): string {
  const values = Object.entries(asked.query).filter(([, value]) => value !== "");
  const query = new URLSearchParams(values).toString();
  return `${API_ROOT}${pathOf(asked)}/export/${format}${query === "" ? "" : `?${query}`}`;
}

/** What an evidence or a case is, of which files, and where the trail stood: signed by the service. */
export const receiptFile = (of: "cases" | "evidence", id: string): string =>
  `${API_ROOT}/${of}/${encodeURIComponent(id)}/receipt`;

function pathOf({ kind, id }: HistoryAsked): string {
  const name = encodeURIComponent(id);
  switch (kind) {
    case "trail":
      return "/audit";
    case "case":
      return `/cases/${name}/audit`;
    case "evidence":
      return `/evidence/${name}/audit`;
    case "person":
      return `/people/${name}/audit`;
  }
}
