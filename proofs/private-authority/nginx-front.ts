/** Debian's nginx in front of a service, as an administrator puts it there (docs/guides/administrators.md). */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { connect } from "node:tls";
import { promisify } from "node:util";
import { guideLines } from "#proofs/guides/guide-lines.ts";
import type { Certificate } from "./authority.ts";

/** What a test's request says its address is: nginx, which sees this machine's alone, passes it on as the client's. */
export const CLIENT_HEADER = "x-test-client";

export async function hasNginx(): Promise<boolean> {
  return await promisify(execFile)("nginx", ["-v"]).then(
    () => true,
    () => false,
  );
}

interface NginxFront {
  stop(): Promise<void>;
}

/** @param services what is forwarded from each port to where */
export async function startNginxFront(
  folder: string,
  certificate: Certificate,
  services: readonly { readonly port: number; readonly listensAt: string }[],
): Promise<NginxFront> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "front.pem"), certificate.cert);
  await writeFile(join(folder, "front.key"), certificate.key, { mode: 0o600 });
  const configuration = join(folder, "nginx.conf");
  const guide = await guideLines("administrators.md", "nginx");
  const servers = services.map(({ port, listensAt }) => serverText(folder, port, listensAt, guide));
  await writeFile(configuration, configurationText(folder, servers.join("\n")));
  const nginx = spawn("nginx", ["-p", folder, "-c", configuration], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const ended = once(nginx, "exit");
  for (const { port } of services) await untilListening(port);
  return {
    stop: async () => {
      nginx.kill("SIGTERM");
      await ended;
    },
  };
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

function configurationText(folder: string, servers: string): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${join(folder, `${name}-temporary`)};`,
  );
  const user = process.getuid?.() === 0 ? "user root;" : "";
  return `${user} daemon off; master_process off; pid ${join(folder, "nginx.pid")}; error_log stderr crit;
events {}
http {
  access_log off; ${temporary.join(" ")}
  map $http_${CLIENT_HEADER.replaceAll("-", "_")} $client { default $http_${CLIENT_HEADER.replaceAll("-", "_")}; "" $remote_addr; }
  ${servers}
}
`;
}

async function untilListening(port: number): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const isListening = await new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: "127.0.0.1", rejectUnauthorized: false }, () => resolve(true));
      socket.on("secureConnect", () => socket.destroy());
      socket.on("error", () => resolve(false));
    });
    if (isListening) return;
    if (tries > 200) throw new Error("nginx does not answer.");
    await pause(50);
  }
}
