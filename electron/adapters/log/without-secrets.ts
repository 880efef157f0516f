/** What stands in place of a secret. */
const HIDDEN = "[secret]";

/** Longer texts are cut before they are searched. */
const SEARCHED_LIMIT = 64_000;

/** Names whose value, written after them as in JSON, a header, a query or a command line, is nobody's to read. */
const SECRET_NAME =
  /password|passwd|passphrase|passwort|pwd|psw|loginpas|secret|token|authbasic|sig$|signature|credential|authorization|cookie|connection[-_]?string|key$|^pass$/i;
/** Of these the value is hidden after a colon too, where sentences have other words. */
const PLAIN_SECRET_NAME = /password|passwd|passphrase|pwd|secret|token/i;

/** A name, what stands between, and its value: in quotes, or to the next separator. Each run of letters is looked at once. */
const NAMED_VALUE =
  /(?<![\w-])([\w-]{1,60})(\\*["']?\s{0,4}([=:])\s{0,4}\\*)("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?|[^\s"'&;,)\]}]+)/g;

const RULES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g, HIDDEN],
  // The log-on of an address, up to the last @ before a blank or a quote: a password may hold all the rest.
  [/(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s"<>`]{0,1000}@/gi, `$1${HIDDEN}@`],
  [/\b(Bearer|Basic|Digest)\s+[^\s"',;]{6,}/gi, `$1 ${HIDDEN}`],
  // A signed token: three parts in base64url.
  [/\beyJ[\w-]{8,}\.[\w-]{4,}\.?[\w-]*/g, HIDDEN],
];

/**
 * A text for the log, or for a report that is given away, without what opens anything: log-ons in addresses,
 * signatures, tokens, passwords and keys. Whoever logs leaves them out already; this is for what other programs and
 * errors say. What comes after the first 64 000 characters is left out.
 */
export function withoutSecrets(text: string): string {
  const searched = text.slice(0, SEARCHED_LIMIT);
  const left = RULES.reduce((before, [pattern, instead]) => before.replace(pattern, instead), searched);
  return left.replace(NAMED_VALUE, hideValue);
}

function hideValue(whole: string, name: string, between: string, sign: string, value: string): string {
  if (!SECRET_NAME.test(name) || value.startsWith(HIDDEN)) return whole;
  const [quote = ""] = /^["']/.exec(value) ?? [];
  if (quote === "" && sign === ":" && !PLAIN_SECRET_NAME.test(name)) return whole;
  return `${name}${between}${quote}${HIDDEN}${quote}`;
}
