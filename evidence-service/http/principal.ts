/** Who calls: a service account (console), a person in the web application, or nobody known. */
export interface Principal {
  readonly kind: "service" | "user" | "anonymous";
  /** Service principal id or user name. */
  readonly id: string;
  readonly name: string;
}

export const ANONYMOUS: Principal = { kind: "anonymous", id: "", name: "" };

/** How the audit trail names a principal. */
export function actorOf(principal: Principal): string {
  return principal.kind === "anonymous" ? "anonymous" : `${principal.kind}:${principal.id}`;
}

/** What an audit entry says of the person whom an account named: nothing where it named none. */
export function onBehalfOf(row: { readonly createdOnBehalfOf: string | null }): Record<string, string> {
  return row.createdOnBehalfOf === null ? {} : { onBehalfOf: row.createdOnBehalfOf };
}
