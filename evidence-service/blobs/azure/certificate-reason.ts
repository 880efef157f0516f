/** What is wrong with the certificate of a storage: whose it is, and what to do. */
import {
  certificateAt,
  issuerInWords,
  type ShownCertificate,
  tlsTargetOf,
} from "#runtime/tls/shown-certificate.ts";
import { formatUtc } from "#shared/words/instants.ts";

const LOOK_TIMEOUT_MS = 5_000;

/** Of Node's codes for what is wrong with a certificate. */
const UNKNOWN_AUTHORITY: ReadonlySet<string> = new Set([
  ...["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "UNABLE_TO_GET_ISSUER_CERT", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY"],
  ...["SELF_SIGNED_CERT_IN_CHAIN", "DEPTH_ZERO_SELF_SIGNED_CERT"],
]);
const OTHER_CODES: ReadonlySet<string> = new Set([
  ...["CERT_HAS_EXPIRED", "CERT_NOT_YET_VALID", "ERR_TLS_CERT_ALTNAME_INVALID"],
]);
/** No TLS, or none from 1.2 on: of both Node's http has the one code. */
const NO_TLS = /^(?:EPROTO$|ERR_SSL_)/;

/**
 * In few words, from its code and a look at the certificate itself.
 * @param url that was asked; only its host gets into the words
 * @param settingsName of the file that names it
 * @returns null where the code is of something else
 */
export async function certificateReason(
  code: string,
  url: string,
  settingsName: string,
): Promise<string | null> {
  if (NO_TLS.test(code))
    return `what answers at the endpoint in ${settingsName} does not speak TLS as this service does: check its address and port`;
  if (!UNKNOWN_AUTHORITY.has(code) && !OTHER_CODES.has(code)) return null;
  const seen = URL.canParse(url)
    ? await certificateAt(tlsTargetOf(url), AbortSignal.timeout(LOOK_TIMEOUT_MS))
    : null;
  const host = URL.canParse(url) ? new URL(url).hostname : "that address";
  return wordsFor(code, { host, settingsName }, seen);
}

function wordsFor(
  code: string,
  { host, settingsName }: { readonly host: string; readonly settingsName: string },
  seen: ShownCertificate | null,
): string {
  const certificate = `its certificate${seen === null ? "" : `, issued by ${issuerInWords(seen)},`}`;
  const clock = `this computer's clock says ${formatUtc(Date.now(), "minute")}: set that clock, or have the certificate renewed`;
  switch (code) {
    case "CERT_HAS_EXPIRED":
      return `${certificate} has expired${seen === null ? "" : ` on ${formatUtc(seen.validToUtcMs, "minute")}`}; ${clock}`;
    case "CERT_NOT_YET_VALID":
      return `${certificate} is not valid ${seen === null ? "yet" : `before ${formatUtc(seen.validFromUtcMs, "minute")}`}; ${clock}`;
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return `${certificate} is made out to ${seen?.names.join(", ") ?? "another name"} and not to ${host}: check the endpoint in ${settingsName}`;
    default:
      return `${certificate} is of an authority that is not trusted here, which an administrator adds in the network settings`;
  }
}
