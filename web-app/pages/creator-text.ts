import { isolated } from "#shared/domain/names.ts";

export interface Created {
  readonly createdBy: string;
  readonly createdOnBehalfOf: string | null;
}

/** Who asked and through which account it was sent; the account alone where it names nobody. */
export function creatorText({ createdBy, createdOnBehalfOf }: Created): string {
  const account = isolated(createdBy);
  return createdOnBehalfOf === null ? account : `${isolated(createdOnBehalfOf)}, through ${account}`;
}
