import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { startNginx } from "../pipeline/nginx-receiver.ts";
import { type Run, usageOf } from "./measured-run.ts";
import { readByCurl } from "./read-by-curl.ts";

/** Bytes from a server that leaves all copying to the system. */
interface NginxReference {
  run(): Promise<Run>;
  stop(): Promise<void>;
}

/** Serves the bytes of these files, in order, as one file. */
export async function nginxReference(paths: readonly string[], bytes: number): Promise<NginxReference> {
  const folder = await mkdtemp(join(tmpdir(), "evidence-desk-bench-nginx-"));
  const { url, child, received, stop } = await startNginx(folder);
  const joined = `cat "$@" > "${received}/joined.mp4"`;
  await promisify(execFile)("sh", ["-c", joined, "sh", ...paths]);
  return {
    run: async () => {
      const before = await usageOf(child.pid ?? 0);
      const { seconds } = await readByCurl([`${url}/joined.mp4`]);
      const after = await usageOf(child.pid ?? 0);
      return {
        ...{ bytes, seconds, peakRssBytes: after.peakRssBytes },
        cpuSeconds: after.cpuSeconds - before.cpuSeconds,
        diskBytes: after.diskBytes - before.diskBytes,
      };
    },
    stop: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
