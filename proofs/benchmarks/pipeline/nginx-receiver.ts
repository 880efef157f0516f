import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "#runtime/process/free-port.ts";
import type { MeasuredProcess } from "./measured-process.ts";

/** A plain nginx that keeps what is PUT to it, and gives it by `sendfile`; `received` is the folder where it does. */
export interface NginxReceiver extends Pick<MeasuredProcess, "child" | "stop"> {
  readonly url: string;
  readonly received: string;
}

export function hasNginx(): boolean {
  try {
    execFileSync("nginx", ["-v"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Starts nginx on a free port with one worker, everything of it below the folder. */
export async function startNginx(folder: string): Promise<NginxReceiver> {
  const received = join(folder, "received");
  await mkdir(received, { recursive: true });
  const port = await freePort();
  const configuration = join(folder, "nginx.conf");
  await writeFile(configuration, configurationText(folder, received, port));
  const child = spawn("nginx", ["-p", folder, "-c", configuration], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswering(url);
  return {
    ...{ child, url, received },
    stop: async () => {
      const ended = once(child, "exit");
      child.kill("SIGTERM");
      await ended;
    },
  };
}

function configurationText(folder: string, received: string, port: number): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${join(folder, `${name}-temporary`)};`,
  );
  const user = process.getuid?.() === 0 ? "user root;" : "";
  return `${user} daemon off; master_process off; pid ${join(folder, "nginx.pid")}; error_log stderr crit;
events {}
http {
  access_log off; sendfile on; tcp_nopush on; client_max_body_size 0; ${temporary.join(" ")}
  server { listen 127.0.0.1:${port}; root ${received}; location / { dav_methods PUT; } }
}
`;
}

async function untilAnswering(url: string): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    const answers = await fetch(url).then(
      () => true,
      () => false,
    );
    if (answers) return;
    if (tries > 100) throw new Error("nginx does not answer.");
    await sleep(50);
  }
}
