import { expect, test } from "vitest";
import { certificateFaultOf } from "./certificate-faults.ts";

test("what is wrong with a certificate is told by the code of its refusal", () => {
  expect(
    [
      "CERT_REJECTED",
      "CERT_HAS_EXPIRED",
      "CERT_NOT_YET_VALID",
      "ERR_TLS_CERT_ALTNAME_INVALID",
      "CERT_REVOKED",
    ].map(certificateFaultOf),
  ).toEqual(["untrusted", "expired", "not-yet-valid", "wrong-name", "refused"]);
  expect(certificateFaultOf("ECONNREFUSED")).toBeNull();
});
