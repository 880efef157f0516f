/**
 * Sign-ins whose password was right, and that wait for the second factor. They have a cookie and a table of their own:
 * nothing that asks who is signed in knows them, in this version or in one before.
 */
import { createHash, randomBytes } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { ServiceContext } from "../context/service-context.ts";
import { Refusal } from "../http/refusal.ts";
import { cookieOptions } from "./signed-in.ts";

const COOKIE = "evidence-desk-second-step";
const WAITS_MS = 10 * 60_000;
/** Then the password is asked for again. */
const MOST_TRIES = 5;

interface HalfSignIn {
  readonly tokenHash: string;
  readonly username: string;
}

const hashOf = (token: string): string => createHash("sha256").update(token).digest("hex");

const over = (): Refusal => new Refusal("SECOND_STEP_OVER", "This sign-in has ended before it was complete.");

export async function beginHalfSignIn(
  context: ServiceContext,
  reply: FastifyReply,
  username: string,
): Promise<void> {
  const token = randomBytes(32).toString("base64url");
  const atUtcMs = context.now();
  const row = { tokenHash: hashOf(token), username, expiresUtcMs: atUtcMs + WAITS_MS, tries: 0 };
  await context.db.transaction().execute(async (transaction) => {
    await transaction.deleteFrom("halfSignIn").where("expiresUtcMs", "<", atUtcMs).execute();
    await transaction.insertInto("halfSignIn").values(row).execute();
  });
  void reply.setCookie(COOKIE, token, { ...cookieOptions(context), maxAge: WAITS_MS / 1_000 });
}

/** The one behind the request's cookie, of somebody who may come in; null for none. */
export async function halfSignInOf(
  { db, now }: Pick<ServiceContext, "db" | "now">,
  request: FastifyRequest,
): Promise<HalfSignIn | null> {
  const token = request.cookies[COOKIE];
  if (token === undefined) return null;
  const row = await db
    .selectFrom("halfSignIn")
    .innerJoin("webUser", "webUser.username", "halfSignIn.username")
    .select(["tokenHash", "halfSignIn.username"])
    .where("tokenHash", "=", hashOf(token))
    .where("expiresUtcMs", ">", now())
    .where("webUser.state", "=", "active")
    .executeTakeFirst();
  return row ?? null;
}

/** @throws Refusal 401 SECOND_STEP_OVER */
export async function insistOnHalfSignIn(
  context: Pick<ServiceContext, "db" | "now">,
  request: FastifyRequest,
): Promise<HalfSignIn> {
  const half = await halfSignInOf(context, request);
  if (half === null) throw over();
  return half;
}

/** Counts a try before its code is looked at, so that many at once are as many. @throws Refusal 401 SECOND_STEP_OVER */
export async function countTry({ db }: Pick<ServiceContext, "db">, { tokenHash }: HalfSignIn): Promise<void> {
  const { numUpdatedRows } = await db
    .updateTable("halfSignIn")
    .set((row) => ({ tries: row("tries", "+", 1) }))
    .where("tokenHash", "=", tokenHash)
    .where("tries", "<", MOST_TRIES)
    .executeTakeFirst();
  if (numUpdatedRows === 1n) return;
  await db.deleteFrom("halfSignIn").where("tokenHash", "=", tokenHash).execute();
  throw over();
}

/** It becomes a sign-in, or is given up. */
export async function endHalfSignIn(
  context: ServiceContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const token = request.cookies[COOKIE];
  if (token === undefined) return;
  void reply.clearCookie(COOKIE, cookieOptions(context));
  await context.db.deleteFrom("halfSignIn").where("tokenHash", "=", hashOf(token)).execute();
}
