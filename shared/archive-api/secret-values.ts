/** A place in an address where a value stands that is secret by its name or by where it stands. */
export interface SecretPlace {
  /** As the address writes it: `password`, or what stands before the colon of `/NAME:WORD`. */
  readonly name: string;
  /** Of the value: it goes from here up to `end`. */
  readonly start: number;
  readonly end: number;
}

/**
 * A name and the sign before its value, behind what can begin a name; any of it may be percent-encoded. Some makers
 * write `/user=NAME_password=WORD_channel=1` into the path.
 */
const NAMED =
  /(?<=[/?&;,_#]|%(?:2[36CF]|3[BF]|5F))(?:[\w.-]|%(?!2[36CF]|3[ABDF]|5F)[\da-f]{2})+?(?=(?:=|%3D))/gi;
/** `/NAME:WORD/` in a path, and the log-on of an address within the address; the name may be empty. */
const PAIRED = /(?<=[/?&]|%(?:2[6F]|3F))(?:[^/?#&=:@%]|%(?!2[36F]|3[ADF])[\da-f]{2})*(?=(?::|%3A))/gi;
const SIGN = /^(?:[=:]|%3[AD])/i;

const SECRET_NAME =
  /(?:pass|password|passwd|passphrase|passcode|passwort|pas|pwd|psw|pw|kennwort|wachtwoord|senha|clave|mdp|pin|secret|token|jwt|auth|authorization|authbasic|basicauth|session|sessionid|signature|sig|key|credentials?|(?:access|verify|verification)[-_]?code)\d*$/i;
/** `?u=NAME&p=WORD` */
const SHORT_NAME = /^p$/i;
const USER_BESIDE = /(?<=[/?&;,_#])(?:u|us|usr|user|username|login)(?:=|%3D)/i;

/**
 * Where the part of an address behind its host holds what is nobody's to read. A value reaches to the next `&`, and on
 * over parts in which nothing is named, as in `password=a&b&channel=1`: more may be hidden than had to be, never less.
 */
export function secretPlaces(path: string): SecretPlace[] {
  const hasUser = USER_BESIDE.test(path);
  const named = [...path.matchAll(NAMED)].filter(([name]) => isSecretName(name, hasUser));
  const paired = [...path.matchAll(PAIRED)].filter(({ 0: name, index }) =>
    isLogOn(path, index + name.length),
  );
  const places: SecretPlace[] = [];
  for (const { 0: name, index } of [...named, ...paired].sort((a, b) => a.index - b.index)) {
    const sign = index + name.length;
    if (sign < (places.at(-1)?.end ?? 0)) continue;
    const start = sign + (SIGN.exec(path.slice(sign))?.[0].length ?? 0);
    places.push({ name, start, end: start + valueLength(path.slice(start)) });
  }
  return places;
}

function isSecretName(name: string, hasUser: boolean): boolean {
  const plain = name.replaceAll(/%([\da-f]{2})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  return SECRET_NAME.test(plain) || (hasUser && SHORT_NAME.test(plain));
}

/** Not `rtsp://` within an address, nor a host with its port there. */
function isLogOn(path: string, colon: number): boolean {
  const value = path.slice(colon).replace(SIGN, "");
  if (value === "" || value.startsWith("//") || /^%2F%2F/i.test(value)) return false;
  const isHost = /\/(?:\/|%2F)[^/]*$|%2F%2F[^/]*$/i.test(path.slice(0, colon));
  const part = /^[^/?#&]*/.exec(value)?.[0] ?? "";
  return !isHost || !/^\d{1,5}(?:%2F.*)?$/i.test(part) || /@|%40/.test(value);
}

function valueLength(text: string): number {
  return /^[^&]*(?:&[^&=]*(?=&|$))*/.exec(text)?.[0].length ?? 0;
}
