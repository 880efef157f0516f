/** Whether what a server shows to the page is issued by an authority that an administrator added. */
import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";

/** A certificate as a browser tells of it, with that of its issuer, if it came along. */
export interface ShownCertificate {
  /** PEM. */
  readonly data: string;
  readonly issuerCert?: ShownCertificate | null;
}

const LONGEST_CHAIN = 8;
/** Extended key usage: authentication of a server (RFC 5280, 4.2.1.12). */
const OF_SERVERS = "1.3.6.1.5.5.7.3.1";

/** @param authorities PEM of each */
export function isIssuedByAuthority(
  hostname: string,
  shown: ShownCertificate,
  authorities: readonly string[],
): boolean {
  try {
    const chain = chainOf(shown);
    const [leaf] = chain;
    if (leaf === undefined || !isForServer(leaf, hostname) || !chain.every(isValidNow)) return false;
    const isWhole = chain.slice(1).every((issuer, at) => hasIssued(issuer, chain[at]!));
    return isWhole && authorities.some((pem) => reaches(new X509Certificate(pem), chain));
  } catch {
    // A certificate that cannot be read is none.
    return false;
  }
}

function chainOf(shown: ShownCertificate): X509Certificate[] {
  const chain: X509Certificate[] = [];
  for (let next: ShownCertificate | null = shown; next !== null && chain.length < LONGEST_CHAIN;) {
    const certificate: X509Certificate = new X509Certificate(next.data);
    chain.push(certificate);
    const isOwnIssuer = certificate.checkIssued(certificate);
    next = isOwnIssuer ? null : (next.issuerCert ?? null);
  }
  return chain;
}

/** The authority is the last of the chain, or has issued it. */
function reaches(authority: X509Certificate, chain: readonly X509Certificate[]): boolean {
  const last = chain.at(-1)!;
  if (!authority.ca || !isValidNow(authority)) return false;
  const isLast = chain.length > 1 && authority.fingerprint256 === last.fingerprint256;
  return isLast || hasIssued(authority, last);
}

const hasIssued = (issuer: X509Certificate, issued: X509Certificate): boolean =>
  issuer.ca && issued.checkIssued(issuer) && issued.verify(issuer.publicKey);

function isForServer(leaf: X509Certificate, hostname: string): boolean {
  const host = hostname.replace(/^\[|\]$/g, "");
  const isNamed = isIP(host) === 0 ? leaf.checkHost(host) : leaf.checkIP(host);
  // Node calls the extended usage so; none named is every one.
  const usages: readonly string[] | undefined = leaf.keyUsage;
  return isNamed !== undefined && (usages === undefined || usages.includes(OF_SERVERS));
}

function isValidNow({ validFromDate, validToDate }: X509Certificate): boolean {
  const nowMs = Date.now();
  return validFromDate.getTime() <= nowMs && nowMs <= validToDate.getTime();
}
