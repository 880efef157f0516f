/** Queries of the main process: every answer is cached as its Outcome, under [request name, input]. */
import { keepPreviousData, useQuery, type QueryClient } from "@tanstack/react-query";
import type {
  Answer,
  DeepReadonly,
  RequestInput,
  RequestName,
  RequestOutput,
} from "#shared/ipc-contract/contract.ts";
import { succeeded, type Failure } from "#shared/domain/failure.ts";
import { ask } from "./bridge.ts";

/** While the other side fails, it is asked again this often. */
const RETRY_INTERVAL_MS = 3_000;

/** What a component sees of a query. `value` is undefined before the first answer and while it fails. */
export interface Reading<T> {
  readonly value: T | undefined;
  readonly failure: Failure | null;
  readonly isPending: boolean;
  /** True while `value` belongs to an earlier input and the new one is being read. */
  readonly isPrevious: boolean;
  readonly refetch: () => void;
}

export interface ReadingOptions<T = unknown> {
  /** Reads only when true; default true. */
  readonly enabled?: boolean;
  /** Keeps the earlier input's value until the new one is there; default false. */
  readonly keepsPrevious?: boolean;
  /** Reads again this often, in milliseconds; default never. */
  readonly everyMs?: number;
  /** How long an answer counts as fresh; default for ever, because events keep it up to date. */
  readonly freshForMs?: number;
  /** Told each value at the moment of its arrival. */
  readonly onValue?: (value: T) => void;
}

export function useReading<Name extends RequestName>(
  name: Name,
  input: RequestInput<Name>,
  options: ReadingOptions<RequestOutput<Name>> = {},
): Reading<RequestOutput<Name>> {
  const { enabled = true, keepsPrevious = false, everyMs, freshForMs = Infinity, onValue } = options;
  const query = useQuery<Answer<Name>>({
    queryKey: [name, input],
    queryFn: async () => {
      const answer = await ask(name, input);
      if (answer.ok) onValue?.(answer.value);
      return answer;
    },
    enabled,
    staleTime: freshForMs,
    ...(keepsPrevious ? { placeholderData: keepPreviousData } : {}),
    refetchInterval: ({ state }) => (state.data?.ok === false ? RETRY_INTERVAL_MS : (everyMs ?? false)),
  });
  const answer = query.data;
  return {
    value: answer?.ok === true ? answer.value : undefined,
    failure: answer?.ok === false ? answer.error : null,
    isPending: query.isPending,
    isPrevious: query.isPlaceholderData,
    refetch: () => void query.refetch(),
  };
}

/** Puts a value that main announced, or answered to a change, where the query of it is cached. */
export function cacheValue<Name extends RequestName>(
  client: QueryClient,
  name: Name,
  value: DeepReadonly<RequestOutput<Name>>,
): void {
  client.setQueryData([name, undefined], succeeded(value));
}
