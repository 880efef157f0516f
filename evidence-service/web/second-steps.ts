/** What follows the right password where that is not enough: a second factor, or the set-up of what the person has to have. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { PasskeyAnswer, PasskeyMade, WebPasskeyOptions } from "#shared/web-api/passkeys.ts";
import type { SecondCode, WebBegunApp, WebSecondStep } from "#shared/web-api/second-factor.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import type { ServiceContext } from "../context/service-context.ts";
import type { Principal } from "../http/principal.ts";
import { Refusal } from "../http/refusal.ts";
import { beginApp, confirmApp, takeAppCode } from "../second-factor/authenticator-app.ts";
import { isFactorRequired } from "../second-factor/factor-rule.ts";
import { factorsOf, hasFactor } from "../second-factor/factors.ts";
import { askingOptions, keepPasskey, makingOptions, takePasskeyAnswer } from "../second-factor/passkeys.ts";
import { makeRecoveryCodes, takeRecoveryCode } from "../second-factor/recovery-codes.ts";
import type { MetadataTransaction } from "../storage/metadata-tables.ts";
import { CodeLimits } from "./code-limits.ts";
import { DEVICE_COOKIE, deviceIdOf } from "./device-cookie.ts";
import {
  beginHalfSignIn,
  countTry,
  endHalfSignIn,
  halfSignInOf,
  insistOnHalfSignIn,
} from "./half-sign-ins.ts";
import { letIn } from "./let-in.ts";
import type { LimiterOf } from "./sign-in-counts.ts";

/** A request, and what answers it. */
interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** As the trail names what somebody has shown. */
type Shown = "app code" | "recovery code" | "passkey";

/** Somebody who has set up what they had to, and is in. */
interface SetUp {
  readonly user: Principal;
  readonly recoveryCodes: string[];
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
      ...{ step: hasOne ? "code" : "set-up", username },
      ...{ hasApp: factors.app !== null, hasPasskeys: factors.passkeys.length > 0 },
      hasRecoveryCodes: hasOne && factors.recoveryCodesLeft > 0,
    };
  }

  /**
   * Lets in who answers with a code.
   * @throws Refusal 401 WRONG_CODE, SECOND_STEP_OVER, 429 TOO_MANY_SIGN_INS
   */
  answer(exchange: Exchange, { by, code }: SecondCode): Promise<Principal> {
    const context = this.#context;
    if (by === "recovery")
      return this.#tried(exchange, "recovery code", (username) =>
        takeRecoveryCode(context.db, { username, code }, context.now()),
      );
    return this.#tried(exchange, "app code", (username) =>
      takeAppCode(context, { username, code: withoutBlanks(code) }),
    );
  }

  /** What the person's passkeys are asked by. @throws Refusal 401 SECOND_STEP_OVER, 409 NO_PASSKEYS_HERE */
  async askPasskey(request: FastifyRequest): Promise<WebPasskeyOptions> {
    const { username } = await insistOnHalfSignIn(this.#context, request);
    return askingOptions(this.#context, { as: "second factor", username });
  }

  /** Lets in whose passkey answers. @throws Refusal 401 PASSKEY_REFUSED, SECOND_STEP_OVER, 429 TOO_MANY_SIGN_INS */
  answerWithPasskey(exchange: Exchange, answer: PasskeyAnswer): Promise<Principal> {
    return this.#tried(exchange, "passkey", async (username) => {
      await takePasskeyAnswer(this.#context, { as: "second factor", username }, answer);
    });
  }

  async #tried(
    { request, reply }: Exchange,
    by: Shown,
    take: (username: string) => Promise<void>,
  ): Promise<Principal> {
    const context = this.#context;
    const half = await insistOnHalfSignIn(context, request);
    const { username } = half;
    const secrets = context.keys.addressSecrets();
    const counted = { username, deviceId: deviceIdOf(request.cookies[DEVICE_COOKIE], username, secrets) };
    await countTry(context, half);
    await this.#limits.count(counted);
    try {
      await take(username);
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) await this.#tellWrong(username, by);
      throw error;
    }
    await this.#limits.takeBack(counted);
    return this.#complete({ request, reply }, { username, by });
  }

  async #tellWrong(username: string, by: Shown): Promise<void> {
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
  confirmApp(exchange: Exchange, code: string): Promise<SetUp> {
    return this.#setUp(exchange, "app code", (transaction, username) =>
      confirmApp(this.#context, transaction, { username, code: withoutBlanks(code) }),
    );
  }

  /** Or makes a passkey. @throws Refusal 401 SECOND_STEP_OVER, 409 NO_PASSKEYS_HERE */
  async beginPasskey(request: FastifyRequest): Promise<WebPasskeyOptions> {
    return makingOptions(this.#context, await this.#insistOnSetUp(request));
  }

  /** @throws Refusal 401 PASSKEY_REFUSED, SECOND_STEP_OVER */
  confirmPasskey(exchange: Exchange, made: PasskeyMade): Promise<SetUp> {
    return this.#setUp(exchange, "passkey", (transaction, username) =>
      keepPasskey(this.#context, transaction, { username, made }),
    );
  }

  async #setUp(
    { request, reply }: Exchange,
    by: Shown,
    take: (transaction: MetadataTransaction, username: string) => Promise<void>,
  ): Promise<SetUp> {
    const username = await this.#insistOnSetUp(request);
    const { db, now } = this.#context;
    const recoveryCodes = await db.transaction().execute(async (transaction) => {
      await take(transaction, username);
      await transaction.deleteFrom("webSession").where("username", "=", username).execute();
      return makeRecoveryCodes(transaction, username, now());
    });
    return { user: await this.#complete({ request, reply }, { username, by }), recoveryCodes };
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

  async #complete(
    { request, reply }: Exchange,
    shown: { readonly username: string; readonly by: Shown },
  ): Promise<Principal> {
    await endHalfSignIn(this.#context, request, reply);
    return letIn(this.#context, { request, reply }, shown);
  }
}

const withoutBlanks = (code: string): string => code.replaceAll(/\s/g, "");
