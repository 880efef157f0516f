import { readFile } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { saysMissing } from "#runtime/files/missing-file.ts";
import { protocol } from "electron";
import { APP_SCHEME } from "./page-origin.ts";

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
};

/** Before `app.whenReady`: the page's scheme behaves like https (secure, own origin, fetch). */
export function registerPageScheme(): void {
  protocol.registerSchemesAsPrivileged([
    {
      scheme: APP_SCHEME,
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    },
  ]);
}

/**
 * Serves the built page from its folder and nothing else.
 * @param mediaOrigin the archive's origin, the one place outside itself that the page may read from; null: none
 */
export function servePage(folder: string, mediaOrigin: () => string | null): void {
  protocol.handle(APP_SCHEME, async (request) => {
    const path = pathWithin(folder, new URL(request.url).pathname);
    if (path === null) return new Response("Not found", { status: 404 });
    const type = CONTENT_TYPES[extname(path)] ?? "application/octet-stream";
    try {
      const headers = {
        "content-type": type,
        ...securityHeaders((type.startsWith("text/html") ? mediaOrigin() : null) ?? ""),
      };
      return new Response(new Uint8Array(await readFile(path)), { headers });
    } catch (error) {
      const missing = saysMissing(error);
      if (!missing) console.error(`The page's file ${path} cannot be read.`, error);
      return new Response("Not found", { status: 404 });
    }
  });
}

function pathWithin(folder: string, pathname: string): string | null {
  const relative = pathname === "/" ? "index.html" : decoded(pathname)?.slice(1);
  if (relative === undefined) return null;
  const path = normalize(join(folder, relative));
  return path.startsWith(folder + sep) ? path : null;
}

/** Undefined for a path that no one can have written down, such as a lone percent sign. */
function decoded(pathname: string): string | undefined {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
}

function securityHeaders(mediaOrigin: string): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self' ${mediaOrigin}`,
    `media-src 'self' blob: ${mediaOrigin}`,
    "worker-src 'self' blob:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    "content-security-policy": policy.join("; "),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
  };
}
