import { PRODUCT_NAME } from "#shared/domain/brand.ts";
import { visibleName } from "#shared/domain/names.ts";
import { formatUtc } from "#shared/words/instants.ts";
import type { Message } from "../mail/mail.ts";

interface SentLink {
  readonly to: string;
  readonly fullName: string;
  readonly username: string;
  readonly kind: "invitation" | "reset";
  readonly url: string;
  readonly expiresUtcMs: number;
}

/** What a person is sent with a link. */
export function linkMessage({ to, fullName, username, kind, url, expiresUtcMs }: SentLink): Message {
  const isInvitation = kind === "invitation";
  const lines = [
    `${visibleName(fullName)},`,
    "",
    isInvitation
      ? `you have an account at ${PRODUCT_NAME}: ${visibleName(username)}. Choose a password with this link:`
      : `choose a new password for your account ${visibleName(username)} at ${PRODUCT_NAME} with this link:`,
    "",
    url,
    "",
    `It works once, until ${formatUtc(expiresUtcMs, "minute")}. Give it to nobody.`,
    ...(isInvitation
      ? []
      : ["If you did not ask for it, tell your administrator; your password stays as it is."]),
  ];
  const subject = isInvitation ? `Your account at ${PRODUCT_NAME}` : `A new password for ${PRODUCT_NAME}`;
  return { to, subject, text: `${lines.join("\n")}\n` };
}
