import { type AuditFilterTexts, type AuditOf, auditOf, filterTexts } from "./audit-address.ts";

/** What an address of the application shows. */
export type Route =
  | { readonly page: "home" }
  | { readonly page: "caseList"; readonly text: string }
  | { readonly page: "case"; readonly caseId: string }
  | { readonly page: "evidenceList"; readonly text: string; readonly withoutCase: boolean }
  | {
      readonly page: "evidence";
      readonly evidenceId: string;
      /** Where its video begins, seconds from the first shown frame. */
      readonly atS?: number;
      /** One of its files, which is shown. */
      readonly fileId?: string;
    }
  | { readonly page: "audit"; readonly of: AuditOf; readonly filter: AuditFilterTexts }
  | { readonly page: "administration" }
  | { readonly page: "retention" }
  | { readonly page: "people"; readonly text: string }
  | { readonly page: "person"; readonly username: string }
  | { readonly page: "groups" }
  | { readonly page: "group"; readonly groupId: string }
  | { readonly page: "serviceAccounts" }
  | { readonly page: "serviceAccount"; readonly accountId: string }
  | { readonly page: "refusedSignIns" }
  | { readonly page: "factorRule" }
  | { readonly page: "myAccount" }
  /** Where a link leads by which a password is set; what it is stands behind `#`. */
  | { readonly page: "link" }
  | { readonly page: "unknown" };

/** Pages of which there is one, by their addresses. */
const LONE = {
  administration: "administration",
  retention: "retention",
  "my-account": "myAccount",
  "wrong-passwords": "refusedSignIns",
  "second-factor": "factorRule",
  link: "link",
} as const;

/**
 * @param pathname the address's path, percent-encoded as the browser gives it
 * @param search the address's query with its question mark, or empty
 */
export function parseRoute(pathname: string, search: string): Route {
  const parts = decodedParts(pathname);
  const query = new URLSearchParams(search);
  if (parts === null || parts.length > 2) return { page: "unknown" };
  const [area, id] = parts;
  const text = query.get("text") ?? "";
  if (area === undefined) return { page: "home" };
  if (area === "cases") return id === undefined ? { page: "caseList", text } : { page: "case", caseId: id };
  if (area === "people")
    return id === undefined ? { page: "people", text } : { page: "person", username: id };
  if (area === "groups") return id === undefined ? { page: "groups" } : { page: "group", groupId: id };
  if (area === "service-accounts")
    return id === undefined ? { page: "serviceAccounts" } : { page: "serviceAccount", accountId: id };
  if (id === undefined && Object.hasOwn(LONE, area)) return { page: LONE[area as keyof typeof LONE] };
  if (area === "audit") return id === undefined ? auditRoute(query) : { page: "unknown" };
  if (area !== "evidence") return { page: "unknown" };
  if (id !== undefined) return evidenceRoute(id, query);
  return { page: "evidenceList", text, withoutCase: query.get("case") === "none" };
}

/** The address of a route; `parseRoute` reads it back. */
export function addressOf(route: Route): string {
  switch (route.page) {
    case "home":
    case "unknown":
      return "/";
    case "administration":
      return "/administration";
    case "retention":
      return "/retention";
    case "people":
      return withQuery("/people", { text: route.text });
    case "person":
      return `/people/${encodeURIComponent(route.username)}`;
    case "groups":
      return "/groups";
    case "group":
      return `/groups/${encodeURIComponent(route.groupId)}`;
    case "serviceAccounts":
      return "/service-accounts";
    case "serviceAccount":
      return `/service-accounts/${encodeURIComponent(route.accountId)}`;
    case "refusedSignIns":
      return "/wrong-passwords";
    case "factorRule":
      return "/second-factor";
    case "myAccount":
      return "/my-account";
    case "link":
      return "/link";
    case "caseList":
      return withQuery("/cases", { text: route.text });
    case "case":
      return `/cases/${encodeURIComponent(route.caseId)}`;
    case "evidenceList":
      return withQuery("/evidence", { text: route.text, case: route.withoutCase ? "none" : "" });
    case "evidence":
      return withQuery(`/evidence/${encodeURIComponent(route.evidenceId)}`, {
        at: route.atS === undefined ? "" : String(route.atS),
        file: route.fileId ?? "",
      });
    case "audit":
      return withQuery("/audit", { [route.of.kind]: route.of.id, ...route.filter });
  }
}

function evidenceRoute(evidenceId: string, query: URLSearchParams): Route {
  const [at, fileId] = [query.get("at") ?? "", query.get("file")];
  const atS = /^\d{1,9}(\.\d{1,3})?$/.test(at) ? { atS: Number(at) } : {};
  return { page: "evidence", evidenceId, ...atS, ...(fileId ? { fileId } : {}) };
}

function auditRoute(query: URLSearchParams): Route {
  return { page: "audit", of: auditOf(query), filter: filterTexts(query) };
}

function decodedParts(pathname: string): string[] | null {
  try {
    return pathname
      .split("/")
      .filter((part) => part !== "")
      .map(decodeURIComponent);
  } catch (error) {
    if (error instanceof URIError) return null;
    throw error;
  }
}

function withQuery(path: string, values: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== ""));
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}
