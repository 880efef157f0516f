/** It alone speaks SMTP. */
import { createTransport } from "nodemailer";
import type { Mail, Message } from "./mail.ts";
import { type MailSettings, readMailSettings } from "./mail-settings.ts";

/** Whoever waits for it stands before a page. */
const LONGEST_MS = 10_000;

type Report = (error: unknown, message: string) => void;

/**
 * @param file of settings, need not be there
 * @returns null where no server is set
 * @throws StartRefusal as `readMailSettings`
 */
export async function openMail(file: string, report: Report): Promise<Mail | null> {
  const settings = await readMailSettings(file);
  return settings === null ? null : mailServer(settings, report);
}

/** @param report told why a message was not taken, which has none of its text */
export function mailServer({ host, port, tls, user, password, from }: MailSettings, report: Report): Mail {
  const transport = createTransport({
    host,
    port,
    secure: tls === "always",
    requireTLS: tls === "starttls",
    ignoreTLS: tls === "never",
    connectionTimeout: LONGEST_MS,
    greetingTimeout: LONGEST_MS,
    socketTimeout: LONGEST_MS,
    ...(user === undefined || password === undefined ? {} : { auth: { user, pass: password } }),
    // What is sent is text of our own: nothing of it names a file or an address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async ({ to, subject, text }: Message): Promise<boolean> => {
      try {
        await transport.sendMail({ from, to: { name: "", address: to }, subject, text });
        return true;
      } catch (error) {
        report(error, "the mail server did not take a message");
        return false;
      }
    },
  };
}
