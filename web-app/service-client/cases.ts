import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import {
  webCaseAnswerSchema,
  webCasePageSchema,
  type WebCaseAnswer,
  type WebCaseChange,
} from "#shared/web-api/web-api.ts";
import { changeAtService, readFromService } from "./ask.ts";

const CASE_LIST_KEY = "case-list";
const caseKey = (caseId: string) => ["case", caseId];

/** Cases whose facts hold `text` (all, when empty), newest first, page by page. */
export function useCaseList(text: string) {
  return useInfiniteQuery({
    queryKey: [CASE_LIST_KEY, text],
    queryFn: ({ pageParam, signal }) =>
      readFromService(webCasePageSchema, {
        path: "/cases",
        query: { text, continuation: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.continuation,
    placeholderData: keepPreviousData,
  });
}

/** Refusal: NOT_FOUND. */
export function useCase(caseId: string) {
  return useQuery({
    queryKey: caseKey(caseId),
    queryFn: ({ signal }) =>
      readFromService(webCaseAnswerSchema, { path: `/cases/${encodeURIComponent(caseId)}`, signal }),
  });
}

/** Corrects facts of a case. Refusals: BAD_REQUEST, CASE_CLOSED, UNKNOWN_CATEGORY, INCIDENT_ENDS_BEFORE_START. */
export function useCaseChange(caseId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: WebCaseChange) =>
      changeAtService(webCaseAnswerSchema, `/cases/${encodeURIComponent(caseId)}/facts`, change),
    onSuccess: async (answer: WebCaseAnswer) => {
      client.setQueryData(caseKey(caseId), answer);
      await client.invalidateQueries({ queryKey: [CASE_LIST_KEY] });
    },
  });
}

/** Closes or reopens a case; the case page and the list show the service's answer. */
export function useCaseStateChange(caseId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: "close" | "reopen") =>
      changeAtService(webCaseAnswerSchema, `/cases/${encodeURIComponent(caseId)}/${action}`, {}),
    onSuccess: async (answer: WebCaseAnswer) => {
      client.setQueryData(caseKey(caseId), answer);
      await client.invalidateQueries({ queryKey: [CASE_LIST_KEY] });
    },
  });
}
