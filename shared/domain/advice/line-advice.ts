/** What stands between the console and a service. */
import { BY_ITSELF, type FailureAdvice } from "./advice.ts";

export const LINE_ADVICE = {
  NO_PROGRESS: {
    cause: "Nothing has moved between the console and the other side for a minute.",
    action: BY_ITSELF,
  },
  SERVICE_UNREACHABLE: {
    cause: "The evidence service, the network or a proxy in between cannot be reached.",
    action: BY_ITSELF,
  },
  NETWORK_PAGE_INSTEAD: {
    cause: "The network wants a log-on in a browser first, or a filter answers in place of the service.",
    action: "Log on to the network, or have an administrator let the console through; it goes on by itself.",
  },
  REDIRECTED: {
    cause: "The network wants a log-on first, or the service has moved to another address.",
    action: "Log on to the network, or have the connection file's address checked; it goes on by itself.",
  },
  PROXY_LOG_ON_NEEDED: {
    cause: "The proxy lets nobody through without a user and a password.",
    action: "An administrator enters them in the settings, under Network; it goes on by itself.",
  },
  PROXY_REFUSED: {
    cause: "The proxy may not connect to the service, or cannot.",
    action: "Have an administrator of the network let the console through; it goes on by itself.",
  },
  PROXY_UNREACHABLE: {
    cause: "The proxy cannot be reached, or is not at the address that the settings or the system name.",
    action:
      "Check the network, or have the proxy in the settings checked, under Network; it goes on by itself.",
  },
  TLS_NOT_SPOKEN: {
    cause: "Something other than the service answers at its address.",
    action: "Have the address and the proxy checked; it goes on by itself.",
  },
  TLS_WANTED: {
    cause: "The address, or the proxy's, says http where only https is spoken.",
    action: "Have the address corrected: https, or the port for http; it goes on by itself.",
  },
  TLS_NOT_AGREED: {
    cause: "What answers knows only an older TLS, or asks the console for a certificate of its own.",
    action: "Have an administrator look at what answers there; it goes on by itself.",
  },
  CERTIFICATE_UNTRUSTED: {
    cause: "The certificate is of an authority that is neither in the system's store nor in the settings.",
    action: "An administrator adds the authority in the settings, under Network, if it is yours.",
  },
  CERTIFICATE_EXPIRED: {
    cause: "The certificate has expired, or this computer's clock is ahead.",
    action: "Have the clock checked and the certificate renewed; it goes on by itself.",
  },
  CERTIFICATE_NOT_YET_VALID: {
    cause: "The certificate is not valid yet, or this computer's clock is behind.",
    action: "Have the clock checked and the certificate replaced; it goes on by itself.",
  },
  CERTIFICATE_WRONG_NAME: {
    cause: "What answers is not what the connection file names, or has a certificate for another name.",
    action: "Have the address and the certificate checked; it goes on by itself.",
  },
  CERTIFICATE_REFUSED: {
    cause: "The certificate is revoked, damaged, or not one for servers.",
    action: "Have it replaced by whoever runs that side; it goes on by itself.",
  },
  CLOCK_WRONG: {
    cause: "The service refuses log-ons that are made by a wrong clock.",
    action: "Correct this computer's clock; it goes on by itself.",
  },
  OTHER_HOST: {
    cause: "The service is reached under another name or address than its own, as through a redirected port.",
    action: "Have the addresses in the connection file checked, then press Retry.",
  },
  ANSWER_NOT_UNDERSTOOD: {
    cause: "Answers are damaged on the way, or the other side speaks another version of the interface.",
    action: "Have what lies between checked, such as a proxy, then press Retry.",
  },
  ANSWER_MIXED_UP: {
    cause: "Something between console and service gives answers to other requests than they belong to.",
    action: "Have what lies between checked, such as a proxy, then press Retry.",
  },
} as const satisfies Record<string, FailureAdvice>;
