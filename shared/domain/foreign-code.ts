import type { FailureCode } from "./failure-codes.ts";

declare const isForeign: unique symbol;

/** A code that another program said, or another version of this one. It may be none that this one knows. */
export type ForeignCode = string & { readonly [isForeign]: true };

/**
 * The code that was read. Only what parses another program's answer, or what was written down, calls this
 * (`dev/structure/foreign-codes.test.ts`): whatever fails here by itself has a code of the tables.
 */
export function foreignCode(code: string): FailureCode | ForeignCode {
  return code as FailureCode | ForeignCode;
}
