import { formatUtc } from "#shared/words/instants.ts";
import { splitProxy } from "../proxy/proxy-address.ts";
import { LineRefusal, proxyRefuses, proxyUnreachable, proxyWantsLogOn } from "./line-refusal.ts";
import { type CertificateFault, certificateFaultOf } from "#runtime/tls/certificate-faults.ts";
import { issuerInWords, type ShownCertificate } from "#runtime/tls/shown-certificate.ts";
import { shownCertificate } from "./shown-certificate.ts";
import { endsLikeTls, proxyWantsTls, tlsRefusal, tlsWanted } from "./tls-mismatch.ts";

/** Nobody was connected with; where there is a proxy, nobody else is. */
const NOT_CONNECTED: ReadonlySet<string> = new Set([
  ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "EHOSTDOWN", "ENETUNREACH", "ENETDOWN"],
  "ETIMEDOUT",
]);

const ADD_AUTHORITY =
  "If it is your organisation's authority, or that of its proxy, an administrator adds its certificate in the settings, under Network; it goes on by itself.";
const CHECK_CLOCK =
  "If that clock is wrong, set it. Else have the certificate renewed by whoever runs that side; it goes on by itself.";

/**
 * Why a request did not get through, in words, where it was for a certificate or a proxy; else the error as it is.
 * @param error what `fetch`, Node's http or Azure's client rejected with
 * @param proxy as `ProxyFor` tells it
 */
export async function lineExplained(error: unknown, url: string, proxy: string | null): Promise<unknown> {
  const { code, message } = causeIn(error);
  const host = new URL(url).hostname;
  if (code === "ERR_PROXY_TUNNEL" && proxy !== null) {
    const status = statusOf(error);
    const { shown } = splitProxy(proxy);
    if (status === 407) return proxyWantsLogOn(shown);
    const wanted = status === undefined ? await proxyWantsTls(proxy) : null;
    return wanted ?? proxyRefuses(shown, host, status);
  }
  if (proxy !== null && NOT_CONNECTED.has(code)) {
    return proxyUnreachable(splitProxy(proxy).shown, host, code);
  }
  const ofTls = tlsRefusal(code, message, { host, proxy });
  if (ofTls !== null) return ofTls;
  const fault = certificateFaultOf(code);
  if (fault === null) return (await tlsWanted(url, proxy, endsLikeTls(code))) ?? error;
  return refusalOf(fault, code, host, await shownCertificate(url, proxy));
}

function refusalOf(
  fault: CertificateFault,
  code: string,
  host: string,
  seen: ShownCertificate | null,
): LineRefusal {
  const names = seen === null ? "another name" : seen.names.join(", ");
  const by = seen === null ? "" : ` It was issued by ${issuerInWords(seen)}.`;
  const clock = `This computer's clock says ${formatUtc(Date.now(), "minute")}.`;
  switch (fault) {
    case "untrusted":
      return new LineRefusal(
        "CERTIFICATE_UNTRUSTED",
        `The certificate that is shown for ${host} is of an authority that this computer does not trust.${by}`,
        ADD_AUTHORITY,
      );
    case "expired":
      return new LineRefusal(
        "CERTIFICATE_EXPIRED",
        `The certificate that is shown for ${host} has expired${seen === null ? "" : ` on ${formatUtc(seen.validToUtcMs, "minute")}`}.${by} ${clock}`,
        CHECK_CLOCK,
      );
    case "not-yet-valid":
      return new LineRefusal(
        "CERTIFICATE_NOT_YET_VALID",
        `The certificate that is shown for ${host} is not valid before ${seen === null ? "a later day" : formatUtc(seen.validFromUtcMs, "minute")}.${by} ${clock}`,
        CHECK_CLOCK,
      );
    case "wrong-name":
      return new LineRefusal(
        "CERTIFICATE_WRONG_NAME",
        `The certificate that is shown for ${host} is made out to ${names} and not to it.${by}`,
        "Have an administrator check the address in the connection file and what answers there; it goes on by itself.",
      );
    case "refused":
      return new LineRefusal(
        "CERTIFICATE_REFUSED",
        `The certificate that is shown for ${host} cannot be taken (${code}).${by}`,
        "Have it replaced by whoever runs that side; it goes on by itself.",
      );
  }
}

function causeIn(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: "", message: "" };
  if ("code" in error && typeof error.code === "string") return { code: error.code, message: error.message };
  return causeIn(error.cause);
}

function statusOf(error: unknown): number | undefined {
  const status: unknown = error instanceof Error && "statusCode" in error ? error.statusCode : undefined;
  return typeof status === "number" ? status : undefined;
}
