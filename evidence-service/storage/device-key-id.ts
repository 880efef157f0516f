import { createHash } from "node:crypto";

/** Lower-case hex of the SHA-256 of a raw public key: under this id a console's key stands in its row. */
export function keyIdOf(publicKeyBase64: string): string {
  return createHash("sha256").update(Buffer.from(publicKeyBase64, "base64")).digest("hex");
}
