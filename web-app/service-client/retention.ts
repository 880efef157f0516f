import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { z } from "zod";
import {
  binSchema,
  nextToGoSchema,
  removalAnswerSchema,
  type RetentionSettings,
  type WebProtection,
  type WebRetention,
  webProtectionSchema,
  webRetentionSchema,
} from "#shared/web-api/retention.ts";
import { changeAtService, readFromService } from "./ask.ts";

const PATH = "/administration/retention";
const KEY = ["retention"];
const NEXT_KEY = ["next-to-go"];
const BIN_KEY = ["recycle-bin"];

/** How long evidence is kept that no category says it of, and whether the service's clock is believed. */
export function useRetention() {
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => readFromService(webRetentionSchema, { path: PATH, signal }),
  });
}

export function useRetentionChange() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (settings: RetentionSettings) => changeAtService(webRetentionSchema, PATH, settings),
    onSuccess: (answer: WebRetention) => client.setQueryData(KEY, answer),
  });
}

/** Says that the service's clock is right. */
export function useClockConfirmation() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => changeAtService(webRetentionSchema, `${PATH}/clock`, {}),
    onSuccess: (answer: WebRetention) => client.setQueryData(KEY, answer),
  });
}

/** What goes within 30 days, page by page, the first first. */
export function useNextToGo() {
  return useInfiniteQuery({
    queryKey: NEXT_KEY,
    queryFn: ({ pageParam: after, signal }) =>
      readFromService(nextToGoSchema, { path: "/retention/next", query: { after }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ continuation }) => continuation,
  });
}

/** What lies in the recycle bin, page by page, the longest first. */
export function useBin() {
  return useInfiniteQuery({
    queryKey: BIN_KEY,
    queryFn: ({ pageParam: after, signal }) =>
      readFromService(binSchema, { path: "/recycle-bin", query: { after }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ continuation }) => continuation,
  });
}

/** Refusals: NAME_NOT_USABLE, NOT_FOUND. */
export function useTakingBack() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ evidenceId, reason }: { readonly evidenceId: string; readonly reason: string }) =>
      changeAtService(z.object({}), `/recycle-bin/${encodeURIComponent(evidenceId)}/take-back`, { reason }),
    onSettled: () => client.invalidateQueries({ queryKey: BIN_KEY }),
  });
}

/** Removes one evidence for good, or all: null. Refusals: BIN_PROTECTED, SECOND_PERSON_NEEDED, NOT_FOUND. */
export function useRemoval() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (evidenceId: string | null) =>
      changeAtService(
        removalAnswerSchema,
        evidenceId === null ? "/recycle-bin/empty" : `/recycle-bin/${encodeURIComponent(evidenceId)}/remove`,
        {},
      ),
    onSettled: () => client.invalidateQueries({ queryKey: BIN_KEY }),
  });
}

export interface ProtectedPlace {
  readonly kind: "case" | "evidence";
  readonly id: string;
}

const pathOf = ({ kind, id }: ProtectedPlace): string =>
  `/${kind === "case" ? "cases" : "evidence"}/${encodeURIComponent(id)}/protection`;
const protectionKey = (place: ProtectedPlace) => ["protection", pathOf(place)];

export function useProtection(place: ProtectedPlace) {
  return useQuery({
    queryKey: protectionKey(place),
    queryFn: ({ signal }) => readFromService(webProtectionSchema, { path: pathOf(place), signal }),
  });
}

/** Protects with a reason, or lifts that: null. Refusals: NAME_NOT_USABLE, PROTECTED_ALREADY, SECOND_PERSON_NEEDED. */
export function useProtectionChange(place: ProtectedPlace) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (reason: string | null) =>
      reason === null
        ? changeAtService(webProtectionSchema, `${pathOf(place)}/lift`, {})
        : changeAtService(webProtectionSchema, pathOf(place), { reason }),
    onSuccess: (answer: { protections: WebProtection[] }) =>
      client.setQueryData(protectionKey(place), answer),
  });
}
