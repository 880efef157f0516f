/** What to do after an answer about the destination's account, the proxy and authorities. */
export const NETWORK_ANSWERS = {
  AUTHORITY_EXPIRED: "Ask whoever runs the authority for its current certificate.",
  AUTHORITY_FILE_HAS_KEY: "Choose a file with the authority's certificate alone.",
  AUTHORITY_FILE_INVALID: "Choose a file in PEM form that begins with -----BEGIN CERTIFICATE-----.",
  CONNECTION_FILE_INVALID: "Ask the administrator of the evidence service for another one.",
  NOT_AN_AUTHORITY: "Choose the file with the certificate of the authority that issued this one.",
  PROXY_ADDRESS_INVALID: "Enter host and port, such as proxy.example:3128.",
} as const satisfies Record<string, string>;
