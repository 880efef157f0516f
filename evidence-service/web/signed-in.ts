/**
 * Who is signed in to the web application: a random token in the cookie, its hash in the database. Cookie and table call
 * a sign-in a session, as they have since there were any.
 */
import { createHash, randomBytes } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { WebSecondStep } from "#shared/web-api/second-factor.ts";
import { type Me, meSchema, WEB_CHANGE_HEADER } from "#shared/web-api/web-api.ts";
import { ANONYMOUS, type Principal } from "../http/principal.ts";
import { Refusal } from "../http/refusal.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { relyingParty } from "../second-factor/relying-party.ts";
import { readJson } from "../storage/read-json.ts";
import { trailMarkOf } from "../storage/trail-mark.ts";
import { withoutFlush } from "../storage/sqlite-metadata.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import { rightsOfAccount } from "../rights/rights-of-account.ts";
import { browserInWords } from "./browser-words.ts";
import { noteNetwork } from "./known-networks.ts";
import { networkOf } from "./client-network.ts";

const COOKIE = "evidence-desk-session";
const SIGN_IN_MS = 12 * 3_600_000;
/** As exactly as it is kept when somebody was last there. */
const SEEN_MS = 60_000;
export const DEMO_SETTING = "demoSignIn";

function tokenHash(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

/** Secure cookies only where the browser reaches the service over TLS; loopback has none. */
export function cookieOptions(context: ServiceContext) {
  const secure = context.url().startsWith("https:");
  return { path: "/", httpOnly: true, sameSite: "strict", secure } as const;
}

/** Gives a person the cookie of a sign-in. Asked by `letIn` alone, once everything was shown that is asked for. */
export async function rememberSignIn(
  context: ServiceContext,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  { username, by }: { readonly username: string; readonly by: string },
): Promise<void> {
  const atUtcMs = context.now();
  const token = randomBytes(32).toString("base64url");
  await context.db.transaction().execute(async (transaction) => {
    await transaction.deleteFrom("webSession").where("expiresUtcMs", "<", atUtcMs).execute();
    const times = { createdUtcMs: atUtcMs, seenUtcMs: atUtcMs, expiresUtcMs: atUtcMs + SIGN_IN_MS };
    const from = { network: networkOf(request.ip), browser: browserInWords(request.headers["user-agent"]) };
    const signIn = { tokenHash: tokenHash(token), username, ...times, ...from };
    await transaction.insertInto("webSession").values(signIn).execute();
    const latest = { latestSignInUtcMs: atUtcMs };
    await transaction.updateTable("webUser").set(latest).where("username", "=", username).execute();
    await appendAudit(transaction, {
      atUtcMs,
      actor: `user:${username}`,
      action: "SIGNED_IN",
      subject: username,
      detail: { by },
    });
    await noteNetwork(transaction, { username, network: from.network }, atUtcMs);
  });
  void reply.setCookie(COOKIE, token, { ...cookieOptions(context), maxAge: SIGN_IN_MS / 1_000 });
}

export async function signOut(
  context: ServiceContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<void> {
  const principal = await webPrincipal(context, request);
  const token = request.cookies[COOKIE];
  void reply.clearCookie(COOKIE, cookieOptions(context));
  if (principal.kind !== "user" || token === undefined) return;
  await context.db.transaction().execute(async (transaction) => {
    await transaction.deleteFrom("webSession").where("tokenHash", "=", tokenHash(token)).execute();
    const { id: subject } = principal;
    await appendAudit(transaction, {
      atUtcMs: context.now(),
      actor: `user:${subject}`,
      action: "SIGNED_OUT",
      subject,
    });
  });
}

/** The person behind the request's cookie, or nobody: one who is locked comes in nowhere, from the next request on. */
export async function webPrincipal(context: ServiceContext, request: FastifyRequest): Promise<Principal> {
  const token = request.cookies[COOKIE];
  if (token === undefined) return ANONYMOUS;
  const hash = tokenHash(token);
  const row = await context.db
    .selectFrom("webSession")
    .innerJoin("webUser", "webUser.username", "webSession.username")
    .select(["webUser.username", "webUser.fullName", "webSession.seenUtcMs"])
    .where("tokenHash", "=", hash)
    .where("expiresUtcMs", ">", context.now())
    .where("webUser.state", "=", "active")
    .executeTakeFirst();
  if (row === undefined) return ANONYMOUS;
  await keepSeen(context, hash, row.seenUtcMs);
  return { kind: "user", id: row.username, name: row.fullName };
}

/** When somebody was there last may be forgotten in a power cut. */
async function keepSeen({ db, now }: ServiceContext, hash: string, before: number | null): Promise<void> {
  const seenUtcMs = now();
  // A database that went back takes nothing more, and who is to mend it is let in.
  if (trailMarkOf(db)?.lost) return;
  if (before !== null && Math.abs(seenUtcMs - before) < SEEN_MS) return;
  await withoutFlush(db, (own) =>
    own.updateTable("webSession").set({ seenUtcMs }).where("tokenHash", "=", hash).execute(),
  );
}

/** Which of a person's sign-ins the request comes from; null for none. */
export function signInIdOf(request: FastifyRequest): string | null {
  const token = request.cookies[COOKIE];
  return token === undefined ? null : tokenHash(token);
}

/**
 * Only this service's own pages can send the header: other sites' scripts would need a preflight, which is never
 * granted. Where the browser tells whose page it was, it has to be one of ours.
 * @param ownUrl where the service is reached
 * @throws Refusal 403 CROSS_SITE
 */
export function refuseCrossSite(request: FastifyRequest, ownUrl: string): void {
  if (request.method === "GET" || request.method === "HEAD") return;
  const fromOwnPage = request.headers[WEB_CHANGE_HEADER] === "1";
  const { origin, host, "sec-fetch-site": site } = request.headers;
  // The page may have been opened by another name of this machine; whichever it was, Host is checked already.
  const ours = new Set([new URL(ownUrl).origin, `${new URL(ownUrl).protocol}//${host ?? ""}`]);
  const fromOwnOrigin = origin === undefined || ours.has(origin);
  if (fromOwnPage && fromOwnOrigin && (site === undefined || site === "same-origin")) return;
  throw new Refusal("CROSS_SITE", "This request did not come from the web application.");
}

export async function describeMe(
  context: ServiceContext,
  { principal, secondStep }: { readonly principal: Principal; readonly secondStep: WebSecondStep | null },
): Promise<Me> {
  const demo = await context.db
    .selectFrom("setting")
    .select("value")
    .where("name", "=", DEMO_SETTING)
    .executeTakeFirst();
  return {
    user:
      principal.kind === "user"
        ? {
            ...{ username: principal.id, fullName: principal.name },
            rights: await rightsOfAccount(context.db, { kind: "user", id: principal.id }),
          }
        : null,
    passkeyHost: relyingParty(context)?.id ?? null,
    secondStep: principal.kind === "user" ? null : secondStep,
    demoSignIn: demo === undefined ? null : readJson(meSchema.shape.demoSignIn, demo.value),
  };
}
