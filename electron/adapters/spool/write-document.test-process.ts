/** Spools a document of a megabyte and prints what came of it, for a test that limits how large this process's files may be. */
import { generateKeyPairSync } from "node:crypto";
import { writeDocument } from "./write-document.ts";

const { n = "", e = "" } = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({
  format: "jwk",
});
const recipient = { jwk: { kty: "RSA", kid: "k", n, e }, protocol: "2.0" } as const;
const document = { fileId: "d", text: "x".repeat(1_000_000), recipient };
console.log(JSON.stringify(await writeDocument(process.argv[2] ?? "", document)));
