import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** A test camera that stands beside the checkout on machines that have one, and the Python it needs. */
const SCRIPT = fileURLToPath(new URL("../../../shared/tools/rtsp_camera.py", import.meta.url));
const PYTHON = "/usr/bin/python3";
const NEEDED =
  'import gi; gi.require_version("GstRtspServer", "1.0"); from gi.repository import GstRtspServer';

/** Why there is no RTSP camera to test against, or null when there is one. */
export async function missingForRtsp(): Promise<string | null> {
  if (!existsSync(SCRIPT)) return "no RTSP test camera stands beside this checkout";
  return promisify(execFile)(PYTHON, ["-c", NEEDED]).then(
    () => null,
    () => "Python's bindings of gst-rtsp-server are not installed",
  );
}

export interface RtspCamera {
  readonly url: string;
  close(): Promise<void>;
}

/** A real RTSP camera: 640×360, 15 frames a second. */
export async function startRtspCamera(port: number): Promise<RtspCamera> {
  const child = spawn(PYTHON, [SCRIPT, String(port)], { stdio: ["ignore", "pipe", "ignore"] });
  const exited = once(child, "exit");
  await once(createInterface({ input: child.stdout }), "line");
  const close = async (): Promise<void> => {
    child.kill("SIGKILL");
    await exited;
  };
  return { url: `rtsp://127.0.0.1:${port}/live`, close };
}
