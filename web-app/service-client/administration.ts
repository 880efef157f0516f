import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  webAdministrationSchema,
  type WebJob,
  webJobsSchema,
  webVerificationRunSchema,
} from "#shared/web-api/web-api.ts";
import { changeAtService, readFromService } from "./ask.ts";

const ASK_EVERY_MS = 60_000;

/** How the service is set up, and what is to be mended; asked anew while it is looked at. */
export function useAdministration() {
  return useQuery({
    queryKey: ["administration"],
    queryFn: ({ signal }) => readFromService(webAdministrationSchema, { path: "/administration", signal }),
    refetchInterval: ASK_EVERY_MS,
  });
}

const JOBS_KEY = ["jobs"];
const ASK_FOR_JOBS_EVERY_MS = 3_000;

/** What the service does by itself; asked anew while it is looked at. */
export function useJobs() {
  return useQuery({
    queryKey: JOBS_KEY,
    queryFn: ({ signal }) => readFromService(webJobsSchema, { path: "/administration/jobs", signal }),
    refetchInterval: ASK_FOR_JOBS_EVERY_MS,
  });
}

/** Refusal: NOT_FOUND, where it has ended meanwhile. */
export function useJobChange(word: "start-anew" | "cancel") {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ kind, jobId }: Pick<WebJob, "kind" | "jobId">) =>
      changeAtService(
        webJobsSchema,
        `/administration/jobs/${encodeURIComponent(kind)}/${encodeURIComponent(jobId)}/${word}`,
        {},
      ),
    onSuccess: (jobs) => client.setQueryData(JOBS_KEY, jobs),
    onError: () => client.invalidateQueries({ queryKey: JOBS_KEY }),
  });
}

const VERIFICATION_KEY = ["verification-of-everything"];
const VERIFICATION_PATH = "/administration/verification";

/** The latest verification of everything; asked anew while it is looked at. */
export function useVerificationRun() {
  return useQuery({
    queryKey: VERIFICATION_KEY,
    queryFn: ({ signal }) => readFromService(webVerificationRunSchema, { path: VERIFICATION_PATH, signal }),
    refetchInterval: ASK_FOR_JOBS_EVERY_MS,
  });
}

/** Refusal: VERIFICATION_UNDER_WAY. */
export function useVerifyEverything() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => changeAtService(webVerificationRunSchema, VERIFICATION_PATH, {}),
    onSuccess: async (run) => {
      client.setQueryData(VERIFICATION_KEY, run);
      await client.invalidateQueries({ queryKey: JOBS_KEY });
    },
  });
}
