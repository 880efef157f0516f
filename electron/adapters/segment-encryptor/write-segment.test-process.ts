/** Writes a segment from an address to a path and prints what came of it, for a test that limits how large this process's files may be. */
import { generateKeyPairSync } from "node:crypto";
import { writeSegment } from "./write-segment.ts";

const [sourceUrl = "", path = ""] = process.argv.slice(2);
const { n = "", e = "" } = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({
  format: "jwk",
});
const recipient = { jwk: { kty: "RSA", kid: "k", n, e }, protocol: "2.0" } as const;
const task = { kind: "write", sourceUrl, sourceToken: "secret", path, recipient } as const;
const written = await writeSegment(task, () => undefined, new AbortController().signal);
console.log(JSON.stringify(written));
