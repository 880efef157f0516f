/** Child of the sample program: says what it got and stays until it is ended. */
interface ParentPort {
  on(name: "message", listener: (event: { data: unknown }) => void): void;
  postMessage(message: unknown): void;
}
const { parentPort } = process as unknown as { parentPort: ParentPort };

console.log(`started with ${process.argv.slice(2).join(" ")} and ${process.env["SAMPLE"]}`);
parentPort.on("message", ({ data }) => parentPort.postMessage({ answer: data }));
