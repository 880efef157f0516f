import { createHash, X509Certificate } from "node:crypto";
import { failed, type Outcome, succeeded } from "#shared/domain/failure.ts";
import { formatUtc } from "#shared/words/instants.ts";

/** A certificate authority that an administrator added to those of the system. */
export interface Authority {
  /** SHA-256 of the certificate, lower-case hex. */
  readonly fingerprint: string;
  readonly pem: string;
  readonly subject: string;
  readonly issuer: string;
  readonly validFromUtcMs: number;
  readonly validToUtcMs: number;
}

const CERTIFICATE =
  /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----[\s\S]+?-----END (?:X509 |TRUSTED )?CERTIFICATE-----/g;
const MOST_CERTIFICATES = 64;

/**
 * Reads a file with the certificates of one or several authorities, in PEM or, of one, in DER.
 * @returns AUTHORITY_FILE_INVALID, AUTHORITY_FILE_HAS_KEY, NOT_AN_AUTHORITY, AUTHORITY_EXPIRED: nothing of the file
 *   counts then
 */
export function readAuthorityFile(bytes: Uint8Array, nowUtcMs: number): Outcome<readonly Authority[]> {
  const text = new TextDecoder().decode(bytes);
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return HAS_KEY;
  const found = text.match(CERTIFICATE) ?? [];
  if (found.length > MOST_CERTIFICATES)
    return invalid("It holds more certificates than can be looked through.");
  const certificates = (found.length === 0 ? [bytes] : found).map(certificateIn);
  const authorities: Authority[] = [];
  for (const certificate of certificates) {
    if (certificate === null) {
      return invalid(found.length === 0 ? "It holds no certificate." : "A certificate in it is damaged.");
    }
    const authority = authorityOf(certificate);
    const refused = refusalOf(certificate, authority, nowUtcMs);
    if (refused !== null) return refused;
    if (!authorities.some(({ fingerprint }) => fingerprint === authority.fingerprint))
      authorities.push(authority);
  }
  return succeeded(authorities);
}

function refusalOf(
  certificate: X509Certificate,
  { subject, issuer, validToUtcMs }: Authority,
  nowUtcMs: number,
) {
  if (!certificate.ca) {
    return failed(
      "NOT_AN_AUTHORITY",
      `The certificate of “${subject}” is not that of an authority. It was issued by “${issuer}”.`,
      `Choose the file with the certificate of “${issuer}”, or of the authority above it.`,
    );
  }
  if (validToUtcMs > nowUtcMs) return null;
  return failed(
    "AUTHORITY_EXPIRED",
    `The certificate of the authority “${subject}” expired on ${formatUtc(validToUtcMs, "minute")}.`,
  );
}

function certificateIn(source: string | Uint8Array): X509Certificate | null {
  try {
    return new X509Certificate(source);
  } catch {
    // Expected of anything that is no certificate; what is wrong with it nobody can mend.
    return null;
  }
}

function authorityOf(certificate: X509Certificate): Authority {
  return {
    fingerprint: createHash("sha256").update(certificate.raw).digest("hex"),
    pem: certificate.toString(),
    subject: nameIn(certificate.subject),
    issuer: nameIn(certificate.issuer),
    validFromUtcMs: certificate.validFromDate.getTime(),
    validToUtcMs: certificate.validToDate.getTime(),
  };
}

/** @param lines of a distinguished name as Node writes it, e.g. "O=Harbour\nCN=Harbour Authority" */
function nameIn(lines: string): string {
  const parts = lines.split("\n").map((line): [string, string] => {
    const [name = "", ...rest] = line.split("=");
    return [name, rest.join("=").replaceAll(/\p{C}/gu, "")];
  });
  const named = parts.find(([name]) => name === "CN") ?? parts.find(([name]) => name === "O") ?? parts[0];
  return named?.[1] ?? "";
}

function invalid(why: string) {
  return failed("AUTHORITY_FILE_INVALID", `This is not the file of a certificate authority. ${why}`);
}

const HAS_KEY = failed(
  "AUTHORITY_FILE_HAS_KEY",
  "This file holds a private key, which belongs nowhere else. Nothing of it was kept.",
);
