/** Signing in with a passkey in place of the password. The device has seen a finger, a face or a PIN: nothing else is asked. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { PasskeyAnswer, WebPasskeyOptions } from "#shared/web-api/passkeys.ts";
import type { ServiceContext } from "../context/service-context.ts";
import type { Principal } from "../http/principal.ts";
import { Refusal } from "../http/refusal.ts";
import { askingOptions, ownerOf, takePasskeyAnswer } from "../second-factor/passkeys.ts";
import { networkOf } from "./client-network.ts";
import { DEVICE_COOKIE, deviceIdOf } from "./device-cookie.ts";
import { letIn } from "./let-in.ts";
import type { SignInLimits } from "./sign-in-limits.ts";

export class PasskeySignIns {
  readonly #context: ServiceContext;
  readonly #limits: SignInLimits;

  constructor(context: ServiceContext, limits: SignInLimits) {
    this.#context = context;
    this.#limits = limits;
  }

  /** @throws Refusal 409 NO_PASSKEYS_HERE */
  ask(): Promise<WebPasskeyOptions> {
    return askingOptions(this.#context, { as: "sign-in" });
  }

  /** @throws Refusal 401 PASSKEY_REFUSED, 403 ACCOUNT_LOCKED, 429 TOO_MANY_SIGN_INS */
  async signIn(request: FastifyRequest, reply: FastifyReply, answer: PasskeyAnswer): Promise<Principal> {
    const context = this.#context;
    const owner = await ownerOf(context, answer);
    if (owner === null) throw new Refusal("PASSKEY_REFUSED", "This passkey is not known here.");
    const secrets = context.keys.addressSecrets();
    const deviceId = deviceIdOf(request.cookies[DEVICE_COOKIE], owner, secrets);
    const one = { address: networkOf(request.ip), username: owner, deviceId };
    await this.#limits.count(one);
    const username = await takePasskeyAnswer(context, { as: "sign-in" }, answer);
    await this.#limits.takeBack(one);
    return letIn(context, { request, reply }, { username, by: "passkey" });
  }
}
