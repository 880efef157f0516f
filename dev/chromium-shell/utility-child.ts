import { EventEmitter } from "node:events";

/** Runs first inside every child of `utilityProcess.fork`. */
class ParentPort extends EventEmitter<{ message: [{ data: unknown; ports: [] }] }> {
  postMessage(message: unknown): void {
    process.send?.(message as object);
  }
  /** As in Electron, messages wait for somebody who listens. */
  override on(name: "message", listener: (event: { data: unknown; ports: [] }) => void): this {
    super.on(name, listener);
    for (const data of waiting.splice(0)) this.emit("message", { data, ports: [] });
    return this;
  }
}

const waiting: unknown[] = [];

const parentPort = new ParentPort();
process.on("message", (data) => {
  if (!parentPort.emit("message", { data, ports: [] })) waiting.push(data);
});
// A main process that is killed takes its children along; a port that is not listened to must not end them.
process.on("disconnect", () => process.exit(1));
Object.defineProperty(process, "parentPort", { value: parentPort });
