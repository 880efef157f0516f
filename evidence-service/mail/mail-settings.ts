/** The server that takes mail, as a site's `mail.json` names it. */
import { z } from "zod";
import { isPrivate } from "../site/private-file.ts";
import { parseSettings, settingsText } from "../site/settings-file.ts";
import { StartRefusal } from "../site/start-refusal.ts";

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

const mailSettingsSchema = z.strictObject({
  host: z.string().min(1),
  port: z.int().min(1).max(65_535).default(587),
  /** `starttls`: insisted on. `always`: from the first byte. `never`: only to this machine. */
  tls: z.enum(["starttls", "always", "never"]).default("starttls"),
  user: z.string().min(1).optional(),
  password: z.string().min(1).optional(),
  /** `Name <address>`, or an address. */
  from: z.string().regex(/^[^\r\n]*@[^\r\n]+$/),
});
export type MailSettings = z.infer<typeof mailSettingsSchema>;

/**
 * @returns null when there is no such file: links are shown then, and not sent
 * @throws StartRefusal MAIL_SETTINGS_NOT_PRIVATE, MAIL_SETTINGS_WRONG
 */
export async function readMailSettings(file: string): Promise<MailSettings | null> {
  const text = await settingsText(file);
  if (text === null) return null;
  if (!(await isPrivate(file))) {
    const detail = `${file} holds a password and may be read by its owner alone.`;
    throw new StartRefusal("MAIL_SETTINGS_NOT_PRIVATE", detail);
  }
  const parsed = parseSettings(mailSettingsSchema, text);
  if (!("settings" in parsed)) throw new StartRefusal("MAIL_SETTINGS_WRONG", `${file}: ${parsed.misfit}.`);
  const { settings } = parsed;
  if ((settings.user === undefined) !== (settings.password === undefined))
    throw new StartRefusal("MAIL_SETTINGS_WRONG", `${file}: “user” and “password” belong together.`);
  if (settings.tls === "never" && !LOOPBACK.test(settings.host)) {
    const detail = `${file}: links that set a password leave this machine over TLS alone.`;
    throw new StartRefusal("MAIL_SETTINGS_WRONG", detail);
  }
  return settings;
}
