/** A utility process of the probe program: answers, ends, fails or stays. */
interface ParentPort {
  on(name: "message", listener: (event: { data: unknown }) => void): void;
  postMessage(message: unknown): void;
}
const { parentPort } = process as unknown as { readonly parentPort: ParentPort };
const [kind, word] = process.argv.slice(2);

if (kind === "exit") process.exit(7);
if (kind === "throw") throw new Error("nobody catches this");
if (kind === "echo") parentPort.on("message", ({ data }) => parentPort.postMessage(data));
if (kind === "deaf") process.on("SIGTERM", () => undefined);
process.stdout.write(`${word} ${process.env["PROBED"]}\n`);
setInterval(() => undefined, 1_000);
