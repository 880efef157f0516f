/** What an address of the application shows. */
export type Route =
  | { readonly page: "home" }
  | { readonly page: "caseList"; readonly text: string }
  | { readonly page: "case"; readonly caseId: string }
  | { readonly page: "evidenceList"; readonly text: string; readonly withoutCase: boolean }
  | { readonly page: "evidence"; readonly evidenceId: string }
  | { readonly page: "administration" }
  | { readonly page: "unknown" };

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
  if (area === "administration" && id === undefined) return { page: "administration" };
  if (area !== "evidence") return { page: "unknown" };
  if (id !== undefined) return { page: "evidence", evidenceId: id };
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
    case "caseList":
      return withQuery("/cases", { text: route.text });
    case "case":
      return `/cases/${encodeURIComponent(route.caseId)}`;
    case "evidenceList":
      return withQuery("/evidence", { text: route.text, case: route.withoutCase ? "none" : "" });
    case "evidence":
      return `/evidence/${encodeURIComponent(route.evidenceId)}`;
  }
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
