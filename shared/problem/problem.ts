import { z } from "zod";

const fieldErrorSchema = z.object({ pointer: z.string(), detail: z.string() });

/** One thing that does not fit, at a JSON pointer (RFC 6901) into what was sent, as in RFC 9457, 3. */
export type FieldError = Readonly<z.infer<typeof fieldErrorSchema>>;

/**
 * The body of every refusal of archive and evidence service: HTTP status ≥ 400, `application/problem+json` (RFC 9457).
 */
export const problemSchema = z.object({
  /** For programs; it never changes. */
  code: z.string(),
  /** One sentence. */
  detail: z.string(),
  /** What whoever asked can do; earlier versions did not say. */
  action: z.string().optional(),
  /** The instant that it is about, milliseconds UTC. */
  atUtcMs: z.number().int().nonnegative().optional(),
  /** Of a request that does not fit: what and where, for whoever writes the program that asked. */
  errors: z.array(fieldErrorSchema).optional(),
});

type Read = z.infer<typeof problemSchema>;
export type Problem = Readonly<Omit<Read, "errors">> & {
  readonly errors?: readonly FieldError[] | undefined;
};

const { action, atUtcMs, errors } = problemSchema.shape;

const readSchema = problemSchema.extend({
  action: action.catch(undefined),
  atUtcMs: atUtcMs.catch(undefined),
  errors: errors.catch(undefined),
});

/** Reads what somebody answered; null where that is no refusal of ours. A member that does not fit is passed over. */
export function problemIn(body: unknown): Problem | null {
  return readSchema.safeParse(body).data ?? null;
}
