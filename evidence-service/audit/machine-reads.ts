/** What accounts read of evidence and cases is an entry of the audit trail, decided by the route that was matched. */
import { z } from "zod";
import type { Action } from "../http/actions.ts";
import type { RecordRead } from "../http/json-api.ts";
import { actorOf } from "../http/principal.ts";
import type { ServiceContext } from "../context/service-context.ts";
import { Readings } from "./readings.ts";

/** A program that asks every second how its evidence is doing is four entries an hour. */
const ONE_READING_MS = 15 * 60_000;

/** What is read by these actions says something of evidence or cases; lists of departments do not. */
const LISTS: ReadonlyMap<Action, string> = new Map<Action, string>([
  ["read-evidence", "evidence"],
  ["list-evidence", "evidence"],
  ["read-case", "cases"],
  ["list-cases", "cases"],
]);

const namedSchema = z.object({
  caseId: z.string().optional(),
  evidenceId: z.string().optional(),
  resourceId: z.string().optional(),
});
/** Pages of one list are one reading of it. */
const narrowedSchema = z.object({ text: z.string().optional(), caseId: z.string().optional() });

export function machineReads({ db, now, passedMs }: ServiceContext): RecordRead {
  const readings = new Readings({ db, now, passedMs, windowMs: ONE_READING_MS });
  return async (request) => {
    const { access, action } = request.routeOptions.config;
    const list = action === undefined ? undefined : LISTS.get(action);
    // HEAD gives nothing out.
    if (access !== "service" || list === undefined || request.method !== "GET") return;
    const { resourceId, evidenceId, caseId } = namedSchema.parse(request.params);
    const subject = resourceId ?? evidenceId ?? caseId;
    const actor = actorOf(request.principal);
    if (subject !== undefined) return readings.record({ actor, action: "READ", subject });
    const { text = null, caseId: ofCase = null } = narrowedSchema.parse(request.query);
    await readings.record({ actor, action: "LISTED", subject: list, detail: { text, caseId: ofCase } });
  };
}
