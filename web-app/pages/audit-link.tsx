import { type AuditOf, NO_FILTER } from "../history/audit-address.ts";
import { RouteLink } from "../history/route-link.tsx";
import { useMe } from "../service-client/signed-in.ts";

/** To the history of something, for whoever may read it at all. */
export function AuditLink({ of }: { readonly of: AuditOf }) {
  const me = useMe();
  if (me.data?.user?.rights.includes("see-audit") !== true) return null;
  return <RouteLink to={{ page: "audit", of, filter: NO_FILTER }}>Audit trail</RouteLink>;
}
