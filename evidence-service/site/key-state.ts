/** Which of the service's keys are in use: one row, the same for every service on these metadata. */
import { z } from "zod";
import { keepSetting } from "../storage/keep-setting.ts";
import type { Metadata, MetadataTransaction } from "../storage/metadata-tables.ts";
import { readJson } from "../storage/read-json.ts";
import type { KeyKind } from "./service-keys.ts";

const SETTING = "serviceKeys";

const keyStateSchema = z.looseObject({
  /** By kind; of a kind that is missing the first key is in use. */
  current: z.record(z.string(), z.object({ keyId: z.string(), sinceUtcMs: z.number() })),
  /** Told in the audit trail, as `KIND ID`. */
  added: z.array(z.string()),
  retired: z.array(z.string()),
});
export type KeyState = z.infer<typeof keyStateSchema>;

const NOTHING_YET: KeyState = { current: {}, added: [], retired: [] };

export const nameOfKey = ({ kind, keyId }: { readonly kind: string; readonly keyId: string }): string =>
  `${kind} ${keyId}`;

/** The id of the key of a kind that is in use; null for the first. */
export function keyInUse(state: KeyState, kind: KeyKind): string | null {
  return state.current[kind]?.keyId ?? null;
}

export async function readKeyState(db: Metadata | MetadataTransaction): Promise<KeyState> {
  const row = await db.selectFrom("setting").select("value").where("name", "=", SETTING).executeTakeFirst();
  if (row === undefined) return NOTHING_YET;
  const state = readJson(keyStateSchema, row.value);
  // To go on with the first keys would write what the other services do not read any more.
  if (state === null) throw new Error(`The setting ${SETTING} cannot be read.`);
  return state;
}

export async function writeKeyState(transaction: MetadataTransaction, state: KeyState): Promise<void> {
  await keepSetting(transaction, SETTING, JSON.stringify(state));
}
