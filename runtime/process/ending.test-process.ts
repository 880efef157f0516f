/** Takes a moment to end, and says so. */
import { setTimeout } from "node:timers/promises";
import { endWhenAsked } from "./end-when-asked.ts";

const words = process.argv.slice(2);
if (words.includes("parent-port")) {
  // Electron's port hands over an event with the message in it; here that is what is sent.
  const parentPort = {
    on: (name: "message", listener: (event: { data: unknown }) => void) => process.on(name, listener),
  };
  Object.assign(process, { parentPort });
}
const close = async (): Promise<void> => {
  console.log("closing");
  await setTimeout(50);
  if (words.includes("failing")) throw new Error("it cannot be closed");
  console.log("closed");
};
endWhenAsked(close, {
  withParent: words.includes("with-parent"),
  onFailure: (error) => console.log(`failed: ${error instanceof Error ? error.message : String(error)}`),
});
setInterval(() => undefined, 1_000);
console.log("up");
