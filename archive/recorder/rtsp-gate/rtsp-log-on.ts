import { createHash, randomBytes } from "node:crypto";

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** What a camera wants to be told, from its `WWW-Authenticate` (RFC 7616, 7617). */
export type Challenge =
  | { readonly kind: "basic" }
  | {
      readonly kind: "digest";
      readonly realm: string;
      readonly nonce: string;
      readonly opaque: string | null;
      readonly hash: "md5" | "sha256";
      /** As the camera wrote it; null where it wrote none. */
      readonly algorithm: string | null;
      readonly isSession: boolean;
      readonly hasQuality: boolean;
    };

/** The best challenge that can be answered: SHA-256 before MD5, any digest before a password in the clear. */
export function bestChallenge(headers: readonly string[]): Challenge | null {
  const challenges = headers.flatMap(challengesIn);
  const digests = challenges.filter((challenge) => challenge.kind === "digest");
  const best = digests.find(({ hash }) => hash === "sha256") ?? digests[0];
  return best ?? challenges.find(({ kind }) => kind === "basic") ?? null;
}

/** Answers challenges of one camera; counts the uses of a nonce. */
export class LogOn {
  readonly #credentials: Credentials;
  readonly #challenge: Challenge;
  #uses = 0;

  constructor(credentials: Credentials, challenge: Challenge) {
    this.#credentials = credentials;
    this.#challenge = challenge;
  }

  /** The value of `Authorization` for a request. */
  authorization(method: string, uri: string): string {
    const { user, password } = this.#credentials;
    if (this.#challenge.kind === "basic")
      return `Basic ${Buffer.from(`${user}:${password}`, "utf8").toString("base64")}`;
    const { realm, nonce, opaque, hash, algorithm, isSession, hasQuality } = this.#challenge;
    const digest = (text: string): string => createHash(hash).update(text, "utf8").digest("hex");
    const ownNonce = randomBytes(8).toString("hex");
    const count = (++this.#uses).toString(16).padStart(8, "0");
    const plain = digest(`${user}:${realm}:${password}`);
    const secret = isSession ? digest(`${plain}:${nonce}:${ownNonce}`) : plain;
    const asked = digest(`${method}:${uri}`);
    const middle = hasQuality ? `${nonce}:${count}:${ownNonce}:auth` : nonce;
    const parts = [
      ...[`username="${quoted(user)}"`, `realm="${quoted(realm)}"`, `nonce="${quoted(nonce)}"`],
      ...[`uri="${uri}"`, `response="${digest(`${secret}:${middle}:${asked}`)}"`],
      ...(algorithm === null ? [] : [`algorithm=${algorithm}`]),
      ...(opaque === null ? [] : [`opaque="${quoted(opaque)}"`]),
      ...(hasQuality || isSession ? [`cnonce="${ownNonce}"`] : []),
      ...(hasQuality ? ["qop=auth", `nc=${count}`] : []),
    ];
    return `Digest ${parts.join(", ")}`;
  }
}

const quoted = (text: string): string => text.replaceAll(/["\\]/g, String.raw`\$&`);

/** One header can hold several challenges. */
function challengesIn(header: string): Challenge[] {
  return header.split(/,?\s*(?=\b(?:Basic|Digest)\s)/i).flatMap((text) => {
    if (/^Basic\b/i.test(text)) return [{ kind: "basic" } as const];
    if (!/^Digest\b/i.test(text)) return [];
    return digestChallenge(text);
  });
}

function digestChallenge(text: string): Challenge[] {
  const values = new Map(
    [...text.matchAll(/(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)].map(
      ([, name = "", inQuotes, bare]) =>
        [name.toLowerCase(), inQuotes?.replaceAll(/\\(.)/g, "$1") ?? bare ?? ""] as const,
    ),
  );
  const algorithm = values.get("algorithm") ?? null;
  const hash = hashOf(algorithm);
  const nonce = values.get("nonce");
  if (hash === null || nonce === undefined) return [];
  const qualities = values.get("qop")?.split(/[\s,]+/) ?? [];
  return [
    {
      ...{ kind: "digest", hash, algorithm, nonce, realm: values.get("realm") ?? "" },
      opaque: values.get("opaque") ?? null,
      isSession: /-sess$/i.test(algorithm ?? ""),
      hasQuality: qualities.includes("auth"),
    },
  ];
}

function hashOf(algorithm: string | null): "md5" | "sha256" | null {
  switch ((algorithm ?? "MD5").toUpperCase().replace(/-SESS$/, "")) {
    case "MD5":
      return "md5";
    case "SHA-256":
      return "sha256";
    default:
      return null;
  }
}
