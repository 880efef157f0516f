import { expect, test } from "vitest";
import { connectionFileSchema } from "./connection-file.ts";

function fileAt(address: string) {
  return {
    DocumentStoreBaseAddresses: [address],
    SecurityTokenServiceBaseAddresses: [address],
    KeyStoreBaseAddresses: [address],
    CaseServiceBaseAddresses: [address],
    ApiBaseAddresses: [address],
    ServicePrincipalId: "console",
    ServicePrincipalKey: { kty: "RSA", kid: "urn:service:tenant:console:1", n: "AQAB", e: "AQAB", d: "AQAB" },
    TenantId: "tenant",
    SomethingNew: "is ignored",
  };
}

test.each([
  "https://clearance.example/api/v1",
  "http://127.0.0.1:4711/api/v1",
  "http://localhost/connect",
  "http://[::1]:80",
])("%s is taken", (address) => {
  expect(connectionFileSchema.safeParse(fileAt(address)).success).toBe(true);
});

test.each([
  "http://clearance.example/api/v1",
  "http://127.0.0.1.clearance.example/api/v1",
  "http://localhost@clearance.example/",
  "file:///etc/passwd",
  "javascript:alert(1)",
])("%s is refused: tokens would travel in the open, or not at all", (address) => {
  expect(connectionFileSchema.safeParse(fileAt(address)).success).toBe(false);
});

test("a file that switches encryption off is refused with a sentence", () => {
  const parsed = connectionFileSchema.safeParse({
    ...fileAt("https://clearance.example"),
    DisableEncryption: true,
  });
  expect(parsed.error?.issues[0]?.message).toContain("encryption");
});
