import { useQuery } from "@tanstack/react-query";
import { webAdministrationSchema } from "#shared/web-api/web-api.ts";
import { readFromService } from "./ask.ts";

const ASK_EVERY_MS = 60_000;

/** How the service is set up, and what is to be mended; asked anew while it is looked at. */
export function useAdministration() {
  return useQuery({
    queryKey: ["administration"],
    queryFn: ({ signal }) => readFromService(webAdministrationSchema, { path: "/administration", signal }),
    refetchInterval: ASK_EVERY_MS,
  });
}
