/** Signing in: limits first, then the password, then the cookie. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { SignIn } from "#shared/web-api/web-api.ts";
import type { Principal } from "../http/principal.ts";
import { Refusal } from "../http/refusal.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { networkOf } from "./client-network.ts";
import { DEVICE_COOKIE, DEVICE_COOKIE_S, deviceIdOf, newDeviceCookie } from "./device-cookie.ts";
import { PasswordPool } from "./password-pool.ts";
import { RefusedSignIns } from "./refused-sign-ins.ts";
import { cookieOptions, rememberSignIn } from "./signed-in.ts";
import type { LimiterOf } from "./sign-in-counts.ts";
import { SignInLimits } from "./sign-in-limits.ts";

export class SignIns {
  readonly #context: ServiceContext;
  readonly #limits: SignInLimits;
  readonly #passwords = new PasswordPool();
  readonly #refused: RefusedSignIns;

  constructor(context: ServiceContext, limiterOf: LimiterOf) {
    this.#context = context;
    this.#limits = new SignInLimits(limiterOf);
    this.#refused = new RefusedSignIns(context.db, context.now);
  }

  /** @throws Refusal 401 WRONG_PASSWORD, 403 ACCOUNT_LOCKED, 429 TOO_MANY_SIGN_INS, 503 SIGN_IN_BUSY */
  async signIn(request: FastifyRequest, reply: FastifyReply, given: SignIn): Promise<Principal> {
    const { username, password } = given;
    const secrets = this.#context.keys.addressSecrets();
    const deviceId = deviceIdOf(request.cookies[DEVICE_COOKIE], username, secrets);
    const address = networkOf(request.ip);
    const one = { address, username, deviceId };
    await this.#limits.count(one);
    const user = await this.#context.db
      .selectFrom("webUser")
      .selectAll()
      .where("username", "=", username)
      .executeTakeFirst();
    const matches = await this.#passwords
      .matches(password, user?.passwordHash ?? null, address)
      .catch(async (error: unknown) => {
        await this.#limits.takeBack(one);
        throw error;
      });
    if (!matches || user === undefined) {
      this.#refused.note(user?.username ?? null, address);
      throw new Refusal("WRONG_PASSWORD", "The user name or the password is wrong.");
    }
    await this.#limits.takeBack(one);
    if (user.state === "locked") {
      this.#refused.note(user.username, address);
      throw new Refusal("ACCOUNT_LOCKED", "This account is locked.");
    }
    await rememberSignIn(this.#context, { request, reply }, user.username);
    if (deviceId === null) this.#rememberDevice(reply, user.username);
    return { kind: "user", id: user.username, name: user.fullName };
  }

  /** Writes the wrong passwords of the last minute into the trail. */
  tellRefused(): Promise<void> {
    return this.#refused.tell();
  }

  async close(): Promise<void> {
    await this.#passwords.close();
    await this.#refused.tell();
  }

  #rememberDevice(reply: FastifyReply, username: string): void {
    const secret = this.#context.keys.current("address").secret.export();
    const cookie = newDeviceCookie(username, secret);
    void reply.setCookie(DEVICE_COOKIE, cookie, { ...cookieOptions(this.#context), maxAge: DEVICE_COOKIE_S });
  }
}
