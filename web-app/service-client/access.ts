import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  webAccessSchema,
  type WebAccess,
  type WebAccessChange,
  type WebHolder,
  webHoldersSchema,
  webReasonsSchema,
} from "#shared/web-api/access.ts";
import { changeAtService, readFromService } from "./ask.ts";

/** What somebody can be given a right to. */
export type AccessPlace =
  { readonly kind: "case" | "evidence" | "department"; readonly id: string } | { readonly kind: "unfiled" };

const BASES = { case: "/cases", evidence: "/evidence", department: "/departments" } as const;

function pathOf(place: AccessPlace): string {
  if (place.kind === "unfiled") return "/unfiled-evidence/access";
  return `${BASES[place.kind]}/${encodeURIComponent(place.id)}/access`;
}

const accessKey = (place: AccessPlace) => ["access", pathOf(place)];

/** Refusals: NOT_ALLOWED, NOT_FOUND. */
export function useAccess(place: AccessPlace) {
  return useQuery({
    queryKey: accessKey(place),
    queryFn: ({ signal }) => readFromService(webAccessSchema, { path: pathOf(place), signal }),
  });
}

/** Refusals: ENDS_BEFORE_IT_BEGINS, NOBODY_MANAGES, IN_A_CASE. */
export function useAccessChange(place: AccessPlace) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: WebAccessChange) => changeAtService(webAccessSchema, pathOf(place), change),
    onSuccess: (answer: WebAccess) => client.setQueryData(accessKey(place), answer),
  });
}

/** People and groups whose names have a text. */
export function useHolders(text: string) {
  return useQuery({
    queryKey: ["holders", text],
    queryFn: ({ signal }) => readFromService(webHoldersSchema, { path: "/holders", query: { text }, signal }),
    placeholderData: keepPreviousData,
  });
}

/** @param holder whose; nothing is asked while there is none */
export function useReasons(place: AccessPlace, holder: WebHolder | null) {
  return useQuery({
    queryKey: ["reasons", pathOf(place), holder],
    queryFn: ({ signal }) =>
      readFromService(webReasonsSchema, {
        path: `${pathOf(place)}/reasons`,
        query: { kind: holder?.kind ?? "", id: holder?.id ?? "" },
        signal,
      }),
    enabled: holder !== null,
  });
}
