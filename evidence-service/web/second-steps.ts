/** What follows the right password where that is not enough: a code, or the set-up of what the person has to have. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { SecondCode, WebBegunApp, WebSecondStep } from "#shared/web-api/second-factor.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import type { ServiceContext } from "../context/service-context.ts";
import type { Principal } from "../http/principal.ts";
import { Refusal } from "../http/refusal.ts";
import { beginApp, confirmApp, takeAppCode } from "../second-factor/authenticator-app.ts";
import { isFactorRequired } from "../second-factor/factor-rule.ts";
import { factorsOf, hasFactor } from "../second-factor/factors.ts";
import { makeRecoveryCodes, takeRecoveryCode } from "../second-factor/recovery-codes.ts";
import { CodeLimits } from "./code-limits.ts";
import { DEVICE_COOKIE, deviceIdOf } from "./device-cookie.ts";
import { letIn } from "./let-in.ts";
import {
  beginHalfSignIn,
  countTry,
  endHalfSignIn,
  halfSignInOf,
  insistOnHalfSignIn,
} from "./half-sign-ins.ts";
import type { LimiterOf } from "./sign-in-counts.ts";

/** A request, and what answers it. */
interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

export class SecondSteps {
  readonly #context: ServiceContext;
  readonly #limits: CodeLimits;

  constructor(context: ServiceContext, limiterOf: LimiterOf) {
    this.#context = context;
    this.#limits = new CodeLimits(limiterOf);
  }

  /** After the right password: what is still missing; null where nothing is. */
  async begin(reply: FastifyReply, username: string): Promise<WebSecondStep | null> {
    const step = await this.#stepOf(username);
    if (step !== null) await beginHalfSignIn(this.#context, reply, username);
    return step;
  }

  /** What the browser's sign-in waits for; null where there is none. */
  async waitsFor(request: FastifyRequest): Promise<WebSecondStep | null> {
    const half = await halfSignInOf(this.#context, request);
    return half === null ? null : this.#stepOf(half.username);
  }

  async #stepOf(username: string): Promise<WebSecondStep | null> {
    const { db } = this.#context;
    const factors = await factorsOf(db, username);
    const hasOne = hasFactor(factors);
    if (!hasOne && !(await isFactorRequired(db, username))) return null;
    return {
      ...{ step: hasOne ? "code" : "set-up", username, hasApp: factors.app !== null },
      hasRecoveryCodes: hasOne && factors.recoveryCodesLeft > 0,
    };
  }

  /**
   * Lets in who answers with a code.
   * @throws Refusal 401 WRONG_CODE, SECOND_STEP_OVER, 429 TOO_MANY_SIGN_INS
   */
  async answer({ request, reply }: Exchange, { by, code }: SecondCode): Promise<Principal> {
    const context = this.#context;
    const half = await insistOnHalfSignIn(context, request);
    const { username } = half;
    const secrets = context.keys.addressSecrets();
    const counted = { username, deviceId: deviceIdOf(request.cookies[DEVICE_COOKIE], username, secrets) };
    await countTry(context, half);
    await this.#limits.count(counted);
    try {
      if (by === "app") await takeAppCode(context, { username, code: code.replaceAll(/\s/g, "") });
      else await takeRecoveryCode(context.db, { username, code }, context.now());
    } catch (error) {
      if (error instanceof Refusal && error.code === "WRONG_CODE") await this.#tellWrong(username, by);
      throw error;
    }
    await this.#limits.takeBack(counted);
    return this.#complete({ request, reply }, username, by === "app" ? "app code" : "recovery code");
  }

  async #tellWrong(username: string, by: SecondCode["by"]): Promise<void> {
    const { db, now } = this.#context;
    const entry = { atUtcMs: now(), actor: "anonymous", action: "SECOND_FACTOR_REFUSED", subject: username };
    await db.transaction().execute((transaction) => appendAudit(transaction, { ...entry, detail: { by } }));
  }

  /** Whoever has to have a second factor, and has none, sets up an app. @throws Refusal 401 SECOND_STEP_OVER */
  async beginApp(request: FastifyRequest): Promise<WebBegunApp> {
    return beginApp(this.#context, await this.#insistOnSetUp(request));
  }

  /**
   * Takes the app into use by its first code, and lets the person in.
   * @throws Refusal 401 WRONG_CODE, SECOND_STEP_OVER, 409 NO_APP_BEGUN
   */
  async confirmApp(
    { request, reply }: Exchange,
    code: string,
  ): Promise<{ readonly user: Principal; readonly recoveryCodes: string[] }> {
    const username = await this.#insistOnSetUp(request);
    const context = this.#context;
    const recoveryCodes = await context.db.transaction().execute(async (transaction) => {
      await confirmApp(context, transaction, { username, code: code.replaceAll(/\s/g, "") });
      await transaction.deleteFrom("webSession").where("username", "=", username).execute();
      return makeRecoveryCodes(transaction, username, context.now());
    });
    return { user: await this.#complete({ request, reply }, username, "app code"), recoveryCodes };
  }

  /** @returns whose sign-in it is */
  async #insistOnSetUp(request: FastifyRequest): Promise<string> {
    const { username } = await insistOnHalfSignIn(this.#context, request);
    const step = await this.#stepOf(username);
    if (step?.step === "set-up") return username;
    throw new Refusal("SECOND_STEP_OVER", "Meanwhile the account has a second factor, or needs none.");
  }

  /** Gives up what waits. */
  async giveUp({ request, reply }: Exchange): Promise<void> {
    await endHalfSignIn(this.#context, request, reply);
  }

  async #complete({ request, reply }: Exchange, username: string, by: string): Promise<Principal> {
    await endHalfSignIn(this.#context, request, reply);
    return letIn(this.#context, { request, reply }, { username, by });
  }
}
