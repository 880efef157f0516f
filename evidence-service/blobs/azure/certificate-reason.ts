/** What is wrong with the certificate of a storage: whose it is, and what to do. */
import { type CertificateFault, certificateFaultOf } from "#runtime/tls/certificate-faults.ts";
import {
  certificateAt,
  issuerInWords,
  type ShownCertificate,
  tlsTargetOf,
} from "#runtime/tls/shown-certificate.ts";
import { formatUtc } from "#shared/words/instants.ts";

const LOOK_TIMEOUT_MS = 5_000;

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
  const fault = certificateFaultOf(code);
  if (fault === null) return null;
  const seen = URL.canParse(url)
    ? await certificateAt(tlsTargetOf(url), AbortSignal.timeout(LOOK_TIMEOUT_MS))
    : null;
  const host = URL.canParse(url) ? new URL(url).hostname : "that address";
  return wordsFor(fault, { host, settingsName, code }, seen);
}

function wordsFor(
  fault: CertificateFault,
  { host, settingsName, code }: Readonly<Record<"host" | "settingsName" | "code", string>>,
  seen: ShownCertificate | null,
): string {
  const certificate = `its certificate${seen === null ? "" : `, issued by ${issuerInWords(seen)},`}`;
  const clock = `this computer's clock says ${formatUtc(Date.now(), "minute")}: set that clock, or have the certificate renewed`;
  switch (fault) {
    case "expired":
      return `${certificate} has expired${seen === null ? "" : ` on ${formatUtc(seen.validToUtcMs, "minute")}`}; ${clock}`;
    case "not-yet-valid":
      return `${certificate} is not valid ${seen === null ? "yet" : `before ${formatUtc(seen.validFromUtcMs, "minute")}`}; ${clock}`;
    case "wrong-name":
      return `${certificate} is made out to ${seen?.names.join(", ") ?? "another name"} and not to ${host}: check the endpoint in ${settingsName}`;
    case "refused":
      return `${certificate} cannot be taken (${code}): have it replaced by whoever runs that side`;
    case "untrusted":
      return `${certificate} is of an authority that is not trusted here, which an administrator adds in the network settings`;
  }
}
