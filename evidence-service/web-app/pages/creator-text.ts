export interface Created {
  readonly createdBy: string;
  readonly createdOnBehalfOf: string | null;
}

/** Who asked and through which account it was sent; the account alone where it names nobody. */
export function creatorText({ createdBy, createdOnBehalfOf }: Created): string {
  return createdOnBehalfOf === null ? createdBy : `${createdOnBehalfOf}, through ${createdBy}`;
}
