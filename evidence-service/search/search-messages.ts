/** What the service and its searching thread say to each other. */
import { z } from "zod";
import type { SearchKind } from "./search-port.ts";

/** Tables of words, whose rows have the numbers of the rows that they are of. */
export const SEARCH_TABLES = { evidence: "evidenceWords", cases: "caseWords" } as const satisfies Record<
  SearchKind,
  string
>;

export const askedSchema = z.object({
  id: z.int(),
  kind: z.enum(["evidence", "cases"]),
  /** Of FTS5. */
  query: z.string(),
  /** Only rows of smaller numbers; newest first. */
  below: z.int(),
  limit: z.int(),
  /** Whose rows are seen; null for all. */
  seen: z
    .object({
      kinds: z.array(z.enum(["case", "filed", "loose"])),
      holders: z.array(z.int()),
      sentBy: z.string().nullable(),
      atUtcMs: z.number(),
    })
    .nullable(),
});
export type SearchAsked = z.infer<typeof askedSchema>;

export const answerSchema = z.object({ id: z.int(), seqs: z.array(z.int()) });
export type SearchAnswer = z.infer<typeof answerSchema>;
