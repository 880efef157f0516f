/** The public keys with which consoles sign their manifests. */
import { z } from "zod";
import {
  deviceKeySchema,
  registerDeviceKeySchema,
  type RegisterDeviceKey,
} from "#shared/clearance-api/device-key.ts";
import type { JsonApi } from "../http/json-api.ts";
import { actorOf, type Principal } from "../http/principal.ts";
import { Refusal } from "../http/refusal.ts";
import { checkTenant } from "../api/token-routes.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import { appendAudit } from "../audit/audit-chain.ts";
import { keyIdOf } from "../storage/device-key-id.ts";

export function registerDeviceKeyRoutes(api: JsonApi, context: ServiceContext): void {
  api.add({
    method: "POST",
    path: "/documents/api/v1/tenant/:tenantId/devicekey",
    summary: "Registers the public key with which a console signs manifests; the same key again is the same.",
    access: "service",
    action: "register-key",
    params: z.object({ tenantId: z.string() }),
    body: registerDeviceKeySchema,
    answer: deviceKeySchema,
    handle: async ({ params, body, principal }) => {
      checkTenant(context, params.tenantId);
      return registerDeviceKey(context, principal, body);
    },
  });
}

/** @throws Refusal 400 KEY_ID_WRONG */
async function registerDeviceKey(context: ServiceContext, principal: Principal, body: RegisterDeviceKey) {
  if (body.KeyId !== keyIdOf(body.PublicKey)) {
    throw new Refusal("KEY_ID_WRONG", "The key's id is not the SHA-256 of the key.");
  }
  const registeredUtcMs = await context.db.transaction().execute(async (transaction) => {
    const known = await transaction
      .selectFrom("deviceKey")
      .select("registeredUtcMs")
      .where("principalId", "=", principal.id)
      .where("keyId", "=", body.KeyId)
      .executeTakeFirst();
    if (known !== undefined) return known.registeredUtcMs;
    const atUtcMs = context.now();
    const { KeyId: keyId, PublicKey: publicKey, Name: name } = body;
    const row = { principalId: principal.id, keyId, publicKey, name, registeredUtcMs: atUtcMs };
    await transaction.insertInto("deviceKey").values(row).execute();
    const entry = { atUtcMs, actor: actorOf(principal), action: "DEVICE_KEY_REGISTERED", subject: keyId };
    await appendAudit(transaction, { ...entry, detail: { name } });
    return atUtcMs;
  });
  return { ...body, RegisteredTimeUtc: isoInstant(registeredUtcMs) };
}

/** Whether the account that sent an evidence registered this key. */
export async function isRegistered(
  context: ServiceContext,
  principalId: string,
  keyId: string,
): Promise<boolean> {
  const row = await context.db
    .selectFrom("deviceKey")
    .select("keyId")
    .where("principalId", "=", principalId)
    .where("keyId", "=", keyId)
    .executeTakeFirst();
  return row !== undefined;
}
