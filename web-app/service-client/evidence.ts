import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { z } from "zod";
import {
  webEvidenceAnswerSchema,
  webEvidencePageSchema,
  webFramesSchema,
  webVerificationSchema,
  type WebEvidence,
  type WebEvidencePage,
  type WebFrames,
} from "#shared/web-api/web-api.ts";
import { changeAtService, readFromService } from "./ask.ts";

/** How often evidence that is on its way is asked for, milliseconds. */
const UNDER_WAY_REFRESH_MS = 2_000;

export interface EvidenceFilter {
  readonly text: string;
  /** Evidence of this case only; null for all. */
  readonly caseId: string | null;
  readonly withoutCase: boolean;
}

function isOnItsWay(evidence: WebEvidence): boolean {
  return evidence.state === "receiving" || evidence.state === "processing";
}

function hasNews(pages: readonly WebEvidencePage[]): boolean {
  return pages.some((page) => page.evidence.some(isOnItsWay));
}

/** Evidence newest first, page by page; refreshed by itself while something of it is on its way. */
export function useEvidenceList(filter: EvidenceFilter) {
  const { text, caseId, withoutCase } = filter;
  return useInfiniteQuery({
    queryKey: ["evidence-list", filter],
    queryFn: ({ pageParam, signal }) =>
      readFromService(webEvidencePageSchema, {
        path: "/evidence",
        query: { text, caseId, unassigned: withoutCase ? "true" : null, continuation: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.continuation,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (hasNews(query.state.data?.pages ?? []) ? UNDER_WAY_REFRESH_MS : false),
  });
}

const evidenceKey = (evidenceId: string) => ["evidence", evidenceId];

/** Has the service verify every byte of an evidence now; the page shows the verdict. Refusal: NOT_COMPLETED. */
export function useVerification(evidenceId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () =>
      changeAtService(
        webVerificationSchema,
        `/evidence/${encodeURIComponent(evidenceId)}/verification`,
        undefined,
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: evidenceKey(evidenceId) });
      await client.invalidateQueries({ queryKey: ["evidence-list"] });
    },
  });
}

/** Takes it out of its case. Refusals: CASE_CLOSED, CASE_PROTECTED. */
export function useUnlinking(evidenceId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => changeAtService(z.object({}), `/evidence/${encodeURIComponent(evidenceId)}/unlink`, {}),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: evidenceKey(evidenceId) });
      await client.invalidateQueries({ queryKey: ["evidence-list"] });
    },
  });
}

/** When the frames around a position of the consolidated video begin. */
export function readFrames(evidenceId: string, aroundS: number): Promise<WebFrames> {
  const path = `/evidence/${encodeURIComponent(evidenceId)}/frames`;
  return readFromService(webFramesSchema, { path, query: { aroundS: String(aroundS) } });
}

/** One evidence with its files; refreshed by itself until it is available. Refusal: NOT_FOUND. */
export function useEvidence(evidenceId: string) {
  return useQuery({
    queryKey: evidenceKey(evidenceId),
    queryFn: ({ signal }) =>
      readFromService(webEvidenceAnswerSchema, {
        path: `/evidence/${encodeURIComponent(evidenceId)}`,
        signal,
      }),
    refetchInterval: (query) => {
      const state = query.state.data?.evidence.state;
      return state === undefined || state === "available" || state === "deleted"
        ? false
        : UNDER_WAY_REFRESH_MS;
    },
  });
}
