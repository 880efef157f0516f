import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { isTransient, ServiceProblem } from "./problem.ts";
import { SIGNED_IN_KEY } from "./signed-in.ts";

const RETRIES = 2;

/** A refusal for want of a sign-in, wherever it comes, makes the application ask who is signed in. */
export function createQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof ServiceProblem && error.code === "SIGNED_OUT") {
      void client.invalidateQueries({ queryKey: SIGNED_IN_KEY });
    }
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: { retry: (count, error) => count < RETRIES && isTransient(error), staleTime: 1_000 },
    },
  });
  return client;
}
