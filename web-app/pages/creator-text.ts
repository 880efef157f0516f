import { bidiIsolated } from "#shared/domain/names.ts";

export interface Created {
  readonly createdBy: string;
  readonly createdOnBehalfOf: string | null;
}

/** Who asked and through which account it was sent; the account alone where it names nobody. */
export function creatorText({ createdBy, createdOnBehalfOf }: Created): string {
  const account = bidiIsolated(createdBy);
  return createdOnBehalfOf === null ? account : `${bidiIsolated(createdOnBehalfOf)}, through ${account}`;
}
