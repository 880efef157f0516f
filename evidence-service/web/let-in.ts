import type { FastifyReply, FastifyRequest } from "fastify";
import type { ServiceContext } from "../context/service-context.ts";
import type { Principal } from "../http/principal.ts";
import { Refusal } from "../http/refusal.ts";
import { DEVICE_COOKIE, DEVICE_COOKIE_S, deviceIdOf, newDeviceCookie } from "./device-cookie.ts";
import { cookieOptions, rememberSignIn } from "./signed-in.ts";

/**
 * Gives a person who has shown everything that is asked of them the cookie of a sign-in, and has the browser remembered.
 * @param by what the person has shown last, as the trail names it
 * @throws Refusal 403 ACCOUNT_LOCKED
 */
export async function letIn(
  context: ServiceContext,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  { username, by }: { readonly username: string; readonly by: string },
): Promise<Principal> {
  const row = await context.db
    .selectFrom("webUser")
    .select(["fullName", "state"])
    .where("username", "=", username)
    .executeTakeFirst();
  // Since the first step.
  if (row?.state !== "active") throw new Refusal("ACCOUNT_LOCKED", "This account is locked.");
  await rememberSignIn(context, { request, reply }, { username, by });
  const secrets = context.keys.addressSecrets();
  if (deviceIdOf(request.cookies[DEVICE_COOKIE], username, secrets) === null) {
    const cookie = newDeviceCookie(username, context.keys.current("address").secret.export());
    void reply.setCookie(DEVICE_COOKIE, cookie, { ...cookieOptions(context), maxAge: DEVICE_COOKIE_S });
  }
  return { kind: "user", id: username, name: row.fullName };
}
