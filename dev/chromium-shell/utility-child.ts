import { EventEmitter } from "node:events";

/** Runs first inside every child of `utilityProcess.fork`. */
class ParentPort extends EventEmitter<{ message: [{ data: unknown; ports: [] }] }> {
  postMessage(message: unknown): void {
    process.send?.(message as object);
  }
}

const parentPort = new ParentPort();
process.on("message", (data) => parentPort.emit("message", { data, ports: [] }));
// A main process that is killed takes its children along; a port that is not listened to must not end them.
process.on("disconnect", () => process.exit(1));
Object.defineProperty(process, "parentPort", { value: parentPort });
