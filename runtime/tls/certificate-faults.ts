/** What Node, OpenSSL and BoringSSL call a certificate that they refuse, by what is wrong with it. */
const CODES = {
  untrusted: [
    ...["UNABLE_TO_GET_ISSUER_CERT", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    ...["SELF_SIGNED_CERT_IN_CHAIN", "DEPTH_ZERO_SELF_SIGNED_CERT", "CERT_UNTRUSTED", "CERT_REJECTED"],
  ],
  expired: ["CERT_HAS_EXPIRED"],
  "not-yet-valid": ["CERT_NOT_YET_VALID"],
  "wrong-name": ["ERR_TLS_CERT_ALTNAME_INVALID"],
  refused: [
    ...["CERT_REVOKED", "CERT_SIGNATURE_FAILURE", "INVALID_CA", "INVALID_PURPOSE", "PATH_LENGTH_EXCEEDED"],
    ...["CERT_CHAIN_TOO_LONG", "UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY", "HOSTNAME_MISMATCH"],
  ],
} as const satisfies Record<string, readonly string[]>;

export type CertificateFault = keyof typeof CODES;

const FAULTS: ReadonlyMap<string, CertificateFault> = new Map(
  (Object.keys(CODES) as CertificateFault[]).flatMap((fault) =>
    CODES[fault].map((code): [string, CertificateFault] => [code, fault]),
  ),
);

/** @returns null for a code of something else */
export const certificateFaultOf = (code: string): CertificateFault | null => FAULTS.get(code) ?? null;
