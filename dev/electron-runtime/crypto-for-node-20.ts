/** `node:crypto` with what certificates tell since Node 22.10; see tls-for-node-20.ts. */
import { X509Certificate } from "node:crypto";

export * from "node:crypto";
export { default } from "node:crypto";

for (const [name, text] of [
  ["validFromDate", "validFrom"],
  ["validToDate", "validTo"],
] as const) {
  if (name in X509Certificate.prototype) continue;
  Object.defineProperty(X509Certificate.prototype, name, {
    get(this: X509Certificate) {
      return new Date(this[text]);
    },
  });
}
