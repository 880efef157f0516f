/** Debian's nginx in front of a service, as an administrator puts it there (docs/guides/administrators.md). */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type RunningNginx, startNginx } from "#proofs/deploy/files/nginx.ts";
import { guideLines } from "#proofs/guides/guide-lines.ts";
import type { Certificate } from "./authority.ts";

/** What a test's request says its address is: nginx, which sees this machine's alone, passes it on as the client's. */
export const CLIENT_HEADER = "x-test-client";

/** @param services what is forwarded from each port to where */
export async function startNginxFront(
  folder: string,
  certificate: Certificate,
  services: readonly { readonly port: number; readonly listensAt: string }[],
): Promise<RunningNginx> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "front.pem"), certificate.cert);
  await writeFile(join(folder, "front.key"), certificate.key, { mode: 0o600 });
  const guide = await guideLines("administrators.md", "nginx");
  const servers = services.map(({ port, listensAt }) => serverText(folder, port, listensAt, guide));
  const header = `$http_${CLIENT_HEADER.replaceAll("-", "_")}`;
  const client = `map ${header} $client { default ${header}; "" $remote_addr; }`;
  const ports = services.map(({ port }) => port);
  return startNginx({ folder, http: [client, ...servers].join("\n"), ports });
}

/** What the guide tells administrators to write, with the address of the service in it. */
function serverText(folder: string, port: number, listensAt: string, guide: string): string {
  return `server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${join(folder, "front.pem")};
    ssl_certificate_key ${join(folder, "front.key")};
    ${guide.replace("http://127.0.0.1:PORT", listensAt).replace("$remote_addr", "$client")}
  }`;
}
