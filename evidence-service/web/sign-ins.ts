/** Signing in: limits first, then the password, then a second step where one is asked for, then the cookie. */
import type { Selectable } from "kysely";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { SignIn } from "#shared/web-api/web-api.ts";
import type { WebSecondStep } from "#shared/web-api/second-factor.ts";
import { ANONYMOUS, type Principal } from "../http/principal.ts";
import { Refusal } from "../http/refusal.ts";
import type { WebUserTable } from "../storage/person-tables.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { networkOf } from "./client-network.ts";
import { DEVICE_COOKIE, deviceIdOf } from "./device-cookie.ts";
import { letIn } from "./let-in.ts";
import { PasskeySignIns } from "./passkey-sign-ins.ts";
import { PasswordPool } from "./password-pool.ts";
import { RefusedSignIns } from "./refused-sign-ins.ts";
import { SecondSteps } from "./second-steps.ts";
import type { LimiterOf } from "./sign-in-counts.ts";
import { SignInLimits } from "./sign-in-limits.ts";

export class SignIns {
  readonly #context: ServiceContext;
  readonly #limits: SignInLimits;
  readonly passwords = new PasswordPool();
  readonly #refused: RefusedSignIns;
  readonly secondSteps: SecondSteps;
  readonly passkeys: PasskeySignIns;

  constructor(context: ServiceContext, limiterOf: LimiterOf) {
    this.#context = context;
    this.#limits = new SignInLimits(limiterOf);
    this.#refused = new RefusedSignIns(context.db, context.now);
    this.secondSteps = new SecondSteps(context, limiterOf);
    this.passkeys = new PasskeySignIns(context, this.#limits);
  }

  /** @returns who is in now; nobody where a second step is to follow @throws as `insistOnPassword` */
  async signIn(
    request: FastifyRequest,
    reply: FastifyReply,
    given: SignIn,
  ): Promise<{ readonly principal: Principal; readonly secondStep: WebSecondStep | null }> {
    const { username } = await this.insistOnPassword(request, given);
    // Who comes in after wrong passwords, and from elsewhere, is told of.
    await this.#refused.tellOf(username);
    const secondStep = await this.secondSteps.begin(reply, username);
    if (secondStep !== null) return { principal: ANONYMOUS, secondStep };
    return {
      principal: await letIn(this.#context, { request, reply }, { username, by: "password" }),
      secondStep,
    };
  }

  /**
   * Limited, counted and told of, whatever the password is given for.
   * @throws Refusal 401 WRONG_PASSWORD, 403 ACCOUNT_LOCKED, 429 TOO_MANY_SIGN_INS, 503 SIGN_IN_BUSY
   */
  async insistOnPassword(
    request: FastifyRequest,
    { username, password }: SignIn,
  ): Promise<Selectable<WebUserTable>> {
    const secrets = this.#context.keys.addressSecrets();
    const deviceId = deviceIdOf(request.cookies[DEVICE_COOKIE], username, secrets);
    const address = networkOf(request.ip);
    const one = { address, username, deviceId };
    await this.#limits.count(one);
    const row = await this.#context.db
      .selectFrom("webUser")
      .selectAll()
      .where("username", "=", username)
      .executeTakeFirst();
    const matches = await this.passwords
      .matches(password, row?.passwordHash ?? null, address)
      .catch(async (error: unknown) => {
        await this.#limits.takeBack(one);
        throw error;
      });
    if (!matches || row === undefined) {
      this.#refused.note(row?.username ?? null, address);
      throw new Refusal("WRONG_PASSWORD", "The user name or the password is wrong.");
    }
    await this.#limits.takeBack(one);
    if (row.state !== "locked") return row;
    this.#refused.note(row.username, address);
    throw new Refusal("ACCOUNT_LOCKED", "This account is locked.");
  }

  /** Writes the wrong passwords of the last minute into the trail. */
  tellRefused(): Promise<void> {
    return this.#refused.tell();
  }

  async close(): Promise<void> {
    await this.passwords.close();
    await this.#refused.tell();
  }
}
