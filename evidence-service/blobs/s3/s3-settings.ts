/** The bucket that a site's `s3-blobs.json` names. */
import { z } from "zod";
import { isPrivate } from "../../site/private-file.ts";
import { parseSettings, settingsText } from "../../site/settings-file.ts";
import { StartRefusal } from "../../site/start-refusal.ts";

/** Amazon S3 User Guide, "General purpose bucket naming rules". */
const BUCKET_NAME = /^(?=.{3,63}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])$/;
const LONGEST_LOCK_DAYS = 36_500;

const s3SettingsSchema = z.strictObject({
  /** `https://host`; absent: Amazon's own of the region. */
  endpoint: z.url({ protocol: /^https?$/ }).optional(),
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,63}$/)
    .default("us-east-1"),
  bucket: z.string().regex(BUCKET_NAME),
  accessKeyId: z.string().min(1),
  secretAccessKey: z.string().min(1),
  /** Whether the bucket stands in the path of an address and not in its host. */
  pathStyle: z.boolean().default(false),
  /** Locks what belongs to an evidence: nobody can delete or replace it so long. */
  lock: z
    .strictObject({
      mode: z.enum(["governance", "compliance"]),
      days: z.int().min(1).max(LONGEST_LOCK_DAYS),
    })
    .optional(),
});
export type S3Settings = z.infer<typeof s3SettingsSchema>;

/**
 * Reads the settings of a site.
 * @returns null when there is no such file
 * @throws StartRefusal S3_SETTINGS_NOT_PRIVATE, S3_SETTINGS_WRONG
 */
export async function readS3Settings(file: string): Promise<S3Settings | null> {
  const text = await settingsText(file);
  if (text === null) return null;
  if (!(await isPrivate(file))) {
    const detail = `${file} holds the bucket's key and may be read by its owner alone.`;
    throw new StartRefusal("S3_SETTINGS_NOT_PRIVATE", detail);
  }
  const parsed = parseSettings(s3SettingsSchema, text);
  if (!("settings" in parsed)) throw wrong(`${file}: ${parsed.misfit}.`);
  checkEndpoint(parsed.settings.endpoint);
  return parsed.settings;
}

/** What is stored is encrypted; the names of objects and the key's signatures are not. */
function checkEndpoint(endpoint: string | undefined): void {
  if (endpoint === undefined) return;
  const { protocol, hostname, pathname, search, username } = new URL(endpoint);
  if (pathname !== "/" || search !== "" || username !== "") {
    throw wrong("The endpoint is scheme, host and port alone.");
  }
  const isHere = hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
  if (protocol !== "https:" && !isHere)
    throw wrong("Only a store on this machine may be reached without https.");
}

function wrong(detail: string): StartRefusal {
  return new StartRefusal("S3_SETTINGS_WRONG", `The settings of the bucket are wrong. ${detail}`);
}
