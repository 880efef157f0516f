/**
 * The worker thread in which footage is encrypted, hashed and sent: bytes in bulk stay off the main
 * process's event loop. It keeps nothing between tasks.
 */
import { parentPort } from "node:worker_threads";
import { portFailed, type PortOutcome } from "../../export-pipeline/ports/port-call.ts";
import type { SpooledSegment } from "../../export-pipeline/ports/segment-spool.ts";
import { dropConnections } from "../connections.ts";
import { trustAuthorities } from "../trust/trusted-authorities.ts";
import { BandwidthLimiter } from "./bandwidth-limiter.ts";
import type { SendingLine } from "./send-segment.ts";
import type { FromWorker, TaskCall, ToWorker, WorkerTask } from "./worker-messages.ts";

const port = parentPort;
if (port === null) throw new Error("segment-worker runs as a worker thread.");

const bandwidth = new BandwidthLimiter();
/** Of all uploads; there is none in a thread that sends nothing. */
let line: SendingLine | null = null;
const running = new Map<number, AbortController>();

port.on("message", (message: ToWorker) => {
  switch (message.kind) {
    case "run":
      void answer(message.id, message.task);
      break;
    case "abort":
      running.get(message.id)?.abort();
      break;
    case "authorities":
      trustAuthorities(message.pems);
      break;
    case "drop-connections":
      dropConnections();
      break;
    case "bandwidth-cap":
      bandwidth.setCap(message.bytesPerSecond);
      break;
  }
});

async function answer(id: number, task: WorkerTask): Promise<void> {
  const abort = new AbortController();
  running.set(id, abort);
  const onProgress = (bytes: number) => tell({ kind: "progress", id, bytes });
  const outcome = await perform(task, { onProgress, signal: abort.signal }).catch(bug);
  running.delete(id);
  tell({ kind: "done", id, outcome });
}

/** One thread writes and another sends: neither holds the other's code, of which Azure's client is much. */
async function perform(task: WorkerTask, call: TaskCall): Promise<PortOutcome<SpooledSegment | undefined>> {
  if (task.kind === "write") {
    const { writeSegment } = await import("./write-segment.ts");
    return await writeSegment(task, call.onProgress, call.signal);
  }
  const { sendingLine, sendSegment } = await import("./send-segment.ts");
  line ??= sendingLine(bandwidth);
  return await sendSegment(task, line, call);
}

function bug(error: unknown): PortOutcome<never> {
  const reason = error instanceof Error ? error.message : String(error);
  return portFailed("permanent", {
    code: "INTERNAL",
    message: `The console made a mistake with this part: ${reason}`,
  });
}

function tell(message: FromWorker): void {
  port?.postMessage(message);
}
