import type { ReadAddress } from "#shared/clearance-api/evidence.ts";
import { recordAudit } from "../audit/audit-chain.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { isoInstant } from "../storage/iso-instant.ts";
import { actorOf, type Principal } from "../http/principal.ts";
import { Refusal } from "../http/refusal.ts";
import { type FileName, readResource } from "./resource-records.ts";

/**
 * Where an Azure client reads a file as it is stored. Upload addresses write and do not read, so that who has one of
 * them gets no footage; this one is given to whoever may play the evidence, and its giving is an entry of the trail.
 * @throws Refusal 404, 409 RESOURCE_NOT_COMPLETED
 */
export async function giveReadAddress(
  context: ServiceContext,
  principal: Principal,
  { evidenceId, resourceId }: FileName,
): Promise<ReadAddress> {
  const row = await readResource(context, { evidenceId, resourceId });
  if (row.state !== "UserCompleted") {
    throw new Refusal("RESOURCE_NOT_COMPLETED", "The file has not been uploaded completely.");
  }
  const expiresUtcMs = context.now() + context.settings.uploadAddressMs;
  const uriExpires = isoInstant(expiresUtcMs);
  await recordAudit(context.db, {
    atUtcMs: context.now(),
    actor: actorOf(principal),
    action: "READ_ADDRESS_GIVEN",
    subject: resourceId,
    detail: { evidenceId, until: uriExpires },
  });
  const uri = await context.blobs.readUri(resourceId, expiresUtcMs, actorOf(principal));
  return { Uri: uri, UriExpiresUtc: uriExpires };
}
