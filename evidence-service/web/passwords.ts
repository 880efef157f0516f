/** Passwords as scrypt hashes: `scrypt$N$r$p$salt$hash`, salt and hash in base64. Slow: never on the thread that answers. */
import { randomBytes, scryptSync, timingSafeEqual, type ScryptOptions } from "node:crypto";

const COST = { N: 32_768, r: 8, p: 1 };
const HASH_BYTES = 32;
const SALT_BYTES = 16;

function derive(password: string, salt: Buffer, cost: ScryptOptions): Buffer {
  return scryptSync(password.normalize("NFKC"), salt, HASH_BYTES, { ...cost, maxmem: 128 << 20 });
}

export function hashPassword(password: string): string {
  const salt = randomBytes(SALT_BYTES);
  const hash = derive(password, salt, COST);
  return ["scrypt", COST.N, COST.r, COST.p, salt.toString("base64"), hash.toString("base64")].join("$");
}

/** In place of a hash: no password matches it, and that takes as long as with one. */
export const NO_PASSWORD = `scrypt$${COST.N}$${COST.r}$${COST.p}$${Buffer.alloc(SALT_BYTES).toString("base64")}$`;

/** @param stored undefined for a user who is not known: it takes as long, and never matches */
export function passwordMatches(password: string, stored: string | undefined): boolean {
  const [, n, r, p, salt, hash] = (stored ?? NO_PASSWORD).split("$");
  const cost = { N: Number(n), r: Number(r), p: Number(p) };
  const derived = derive(password, Buffer.from(salt ?? "", "base64"), cost);
  const wanted = Buffer.from(hash ?? "", "base64");
  return wanted.length === derived.length && timingSafeEqual(wanted, derived);
}
