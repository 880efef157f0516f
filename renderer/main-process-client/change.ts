/** Mutations: they resolve to an Outcome and never reject. */
import { useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import type { Answer, RequestInput, RequestName, RequestOutput } from "#shared/ipc-contract/contract.ts";
import { ask } from "./bridge.ts";

export interface Change<Name extends RequestName> {
  /** Asks for the change; await it for the outcome, failures included. */
  readonly run: (input: RequestInput<Name>) => Promise<Answer<Name>>;
  readonly isRunning: boolean;
}

/**
 * @param onValue puts what main answered into the cache, where the answer is itself a cached value
 */
export function useChange<Name extends RequestName>(
  name: Name,
  onValue?: (client: QueryClient, value: RequestOutput<Name>) => void,
): Change<Name> {
  const client = useQueryClient();
  const mutation = useMutation<Answer<Name>, Error, RequestInput<Name>>({
    mutationFn: async (input) => {
      const answer = await ask(name, input);
      if (answer.ok) onValue?.(client, answer.value);
      return answer;
    },
  });
  return { run: mutation.mutateAsync, isRunning: mutation.isPending };
}
