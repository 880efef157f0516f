import type { Connection } from "./connection.ts";

/**
 * Every address of the Clearance API that the console calls. The ones marked *ours* are not documented
 * publicly: a correction is an edit of this file alone.
 */
export function clearancePaths(connection: Connection) {
  const tenant = encodeURIComponent(connection.tenantId);
  const evidence = `${connection.documents}/tenant/${tenant}/evidence`;
  const cases = `${connection.cases}/case/${tenant}`;
  const one = (id: string) => encodeURIComponent(id);
  return {
    createEvidence: evidence,
    evidence: (id: string) => `${evidence}/${one(id)}/`,
    resources: (id: string) => `${evidence}/${one(id)}/resource`,
    /** Ours. */
    deviceKey: `${connection.documents}/tenant/${tenant}/devicekey`,
    /** Ours. */
    restoration: `${connection.documents}/tenant/${tenant}/restoration`,
    completeResource: (id: string, resourceId: string) =>
      `${evidence}/${one(id)}/resource/${one(resourceId)}/complete`,
    /** Ours. */
    completeEvidence: (id: string) => `${evidence}/${one(id)}/complete`,
    /** Ours. */
    publicKey: `${connection.keys}/tenant/${tenant}/publickey`,
    /** Ours: create with POST, list with GET. */
    cases,
    case: (id: string) => `${cases}/${one(id)}`,
    /** Ours. */
    departments: `${connection.cases}/department/${tenant}`,
    /** Ours. */
    categories: `${connection.cases}/category/${tenant}`,
    fieldTemplates: `${connection.api}/customfieldservice/api/v1/template/${tenant}`,
  };
}
