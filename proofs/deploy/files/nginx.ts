/** Debian's nginx with servers of a test's own, in a temporary folder and as one process. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const READY_WITHIN_MS = 10_000;

export async function hasNginx(): Promise<boolean> {
  return await run("nginx", ["-v"]).then(
    () => true,
    () => false,
  );
}

export interface RunningNginx {
  /** What is under way breaks off. */
  readonly stop: () => Promise<void>;
}

export interface NginxWishes {
  /** In which it keeps its files; made where it is not there. */
  readonly folder: string;
  /** What stands in its block `http`. */
  readonly http: string;
  /** Where its servers listen on this machine. */
  readonly ports: readonly number[];
}

/** @throws Error with nginx's own words where it cannot read the configuration, or listens nowhere after ten seconds */
export async function startNginx({ folder, http, ports }: NginxWishes): Promise<RunningNginx> {
  await mkdir(folder, { recursive: true });
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (name) => `${name}_temp_path ${join(folder, `${name}-temporary`)};`,
  );
  const user = process.getuid?.() === 0 ? "user root;" : "";
  const file = join(folder, "nginx.conf");
  await writeFile(
    file,
    `${user} daemon off; master_process off; pid ${join(folder, "nginx.pid")}; error_log stderr crit;
events {}
http { access_log off; ${temporary.join(" ")}
${http} }
`,
  );
  await run("nginx", ["-t", "-p", folder, "-c", file]);
  const child = spawn("nginx", ["-p", folder, "-c", file], { stdio: ["ignore", "ignore", "inherit"] });
  const ended = once(child, "exit");
  for (const port of ports) await untilListening(port);
  return {
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

async function untilListening(port: number): Promise<void> {
  const until = performance.now() + READY_WITHIN_MS;
  while (!(await isListening(port))) {
    if (performance.now() > until) throw new Error(`nginx does not listen at port ${port}.`);
    await pause(20);
  }
}

function isListening(port: number): Promise<boolean> {
  const socket = createConnection(port, "127.0.0.1");
  return new Promise((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
    socket.once("close", () => resolve(false));
  }).then((answer) => {
    socket.destroy();
    return answer === true;
  });
}
