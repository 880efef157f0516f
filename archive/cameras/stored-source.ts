import { z } from "zod";
import {
  cameraTransportSchema,
  pictureRatioSchema,
  type CameraSource,
  type ShownSource,
} from "#shared/archive-api/archive-api.ts";
import {
  hiddenNames,
  hostOf,
  splitAddress,
  splitKnownAddress,
  withHiddenValues,
  type HiddenValue,
} from "#shared/archive-api/camera-address.ts";
import { ArchiveFailure } from "../ground/archive-failure.ts";
import type { SecretBox } from "./secret-box.ts";

/** How the index and the file beside the footage hold a source: nothing in it is a secret but `sealed`, which is sealed. */
export const storedSourceSchema = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("rtsp"),
    url: z.string().min(1),
    /** Absent in what an older version wrote, whose address may hold everything. */
    user: z.string().optional(),
    /** Null where there is nothing to hide. */
    sealed: z.string().nullable().optional(),
    transport: cameraTransportSchema.default("tcp"),
    ratio: pictureRatioSchema.nullable().default(null),
  }),
  z.object({ kind: z.literal("loop"), file: z.string().min(1) }),
]);
export type StoredSource = z.infer<typeof storedSourceSchema>;
type StoredRtsp = Extract<StoredSource, { kind: "rtsp" }>;

/** What is sealed, as JSON. */
const secretsSchema = z.object({
  password: z.string().nullable(),
  hidden: z.array(z.object({ name: z.string(), value: z.string() })),
});
type Secrets = z.infer<typeof secretsSchema>;

const NO_SECRETS: Secrets = { password: null, hidden: [] };

/** Older versions kept the address as it was entered, or did not know all names of secrets. */
export function isUnsealed(source: StoredSource): boolean {
  if (source.kind !== "rtsp") return false;
  if (source.user === undefined || source.sealed === undefined) return true;
  return (splitKnownAddress(source.url)?.hidden.length ?? 0) > 0;
}

/**
 * What is stored of a source that was asked for.
 * @param before what is stored of the camera so far, from which it keeps the password and hidden values
 * @throws ArchiveFailure ADDRESS_INVALID, PASSWORD_NEEDED
 */
export function sourceToStore(
  asked: CameraSource,
  before: StoredSource | undefined,
  box: SecretBox,
): StoredSource {
  if (asked.kind === "loop") return asked;
  const split = splitAddress(asked.url.trim());
  if (split === "unclear") throw unclear();
  if (split === null)
    throw new ArchiveFailure("ADDRESS_INVALID", "The address names no host that can be reached.");
  const kept = before?.kind === "rtsp" ? before : undefined;
  const secrets = secretsFor(asked, split, kept && { url: kept.url, secrets: openedSecrets(kept, box) });
  if (withHiddenValues(split.url, secrets.hidden) === null) throw valueNeeded();
  return {
    kind: "rtsp",
    url: split.url,
    user: asked.user ?? split.user ?? (asked.password === undefined ? (kept?.user ?? "") : ""),
    sealed: sealed(secrets, box),
    transport: asked.transport ?? kept?.transport ?? "tcp",
    ratio: asked.ratio === undefined ? (kept?.ratio ?? null) : asked.ratio,
  };
}

/** What an older version stored, sealed. */
export function sealedSource(source: StoredSource, box: SecretBox): StoredSource {
  if (source.kind === "loop") return source;
  const split = splitKnownAddress(source.url);
  // What cannot be read as an address is of no use to a recorder either; nothing of it is shown.
  if (split === null) return { ...source, url: "rtsp://unreadable.invalid/", user: "", sealed: null };
  const { url, user, password, hidden } = split;
  // What was sealed and cannot be opened stays: it is asked for again, as before.
  const known = openedSecrets(source, box);
  if (known === null) return { ...source, url };
  const secrets = { password: password ?? known.password, hidden: [...hidden, ...known.hidden] };
  return { ...source, url, user: user ?? source.user ?? "", sealed: sealed(secrets, box) };
}

/** A source for a recorder, with its secrets; null where they were sealed with a key that is gone. */
export function openedSource(source: StoredSource, box: SecretBox): CameraSource | null {
  if (source.kind === "loop") return source;
  const secrets = openedSecrets(source, box);
  const url = secrets && withHiddenValues(source.url, secrets.hidden);
  if (secrets === null || url === null) return null;
  const { user = "", transport, ratio } = source;
  return { kind: "rtsp", url, user, password: secrets.password ?? "", transport, ratio };
}

/** What may be shown of a source. */
export function shownSource(source: StoredSource, box: SecretBox): ShownSource {
  if (source.kind === "loop") return source;
  const { url, user = "", transport, ratio } = source;
  const password = openedSecrets(source, box)?.password ?? null;
  return { kind: "rtsp", url, user, transport, ratio, hasPassword: password !== null };
}

/** What was kept of a camera before; its secrets are null where they were sealed with a key that is gone. */
interface KeptSecrets {
  readonly url: string;
  readonly secrets: Secrets | null;
}

function secretsFor(
  asked: Extract<CameraSource, { kind: "rtsp" }>,
  split: { readonly url: string; readonly password: string | null; readonly hidden: readonly HiddenValue[] },
  kept: KeptSecrets | undefined,
): Secrets {
  const given = asked.password ?? split.password;
  const known = kept === undefined ? NO_SECRETS : kept.secrets;
  const isElsewhere = kept !== undefined && hostOf(kept.url) !== hostOf(split.url);
  // Hidden values of the old host are not kept either; where the address asks for one, that is said by itself.
  const hasPassword = known !== null && known.password !== null;
  if (isElsewhere && hasPassword && given === null) throw passwordNeeded("The address names another host");
  if (known === null && given === null) throw passwordNeeded("The password that was kept cannot be read");
  const keptHidden = isElsewhere || known === null ? [] : known.hidden;
  const password = given ?? known?.password ?? null;
  return {
    password: password === "" ? null : password,
    hidden: hiddenFor(split.url, split.hidden, keptHidden),
  };
}

/** The values of an address in its order: those just given, and those kept in places marked as hidden. */
function hiddenFor(url: string, given: readonly HiddenValue[], kept: readonly HiddenValue[]): HiddenValue[] {
  const all = [...given, ...kept.filter(({ name }) => !given.some((value) => value.name === name))];
  const names = hiddenNames(url);
  return all.filter(({ name }) => names.includes(name));
}

function openedSecrets(source: StoredRtsp, box: SecretBox): Secrets | null {
  if (source.sealed === undefined || source.sealed === null) return NO_SECRETS;
  const text = box.open(source.sealed);
  if (text === null) return null;
  return secretsSchema.parse(JSON.parse(text));
}

function sealed(secrets: Secrets, box: SecretBox): string | null {
  if (secrets.password === null && secrets.hidden.length === 0) return null;
  return box.seal(JSON.stringify(secrets));
}

const unclear = (): ArchiveFailure =>
  new ArchiveFailure(
    "ADDRESS_INVALID",
    "An @ in the address could belong to the password or to the path: write it as %40, or enter user name and password in their own fields.",
  );

const valueNeeded = (): ArchiveFailure =>
  new ArchiveFailure(
    "PASSWORD_NEEDED",
    "The address has a hidden value that is not known: enter the address with the value.",
  );

/** A password never goes to a host that it was not entered for. */
const passwordNeeded = (why: string): ArchiveFailure =>
  new ArchiveFailure("PASSWORD_NEEDED", `${why}: enter the camera's password again.`);
