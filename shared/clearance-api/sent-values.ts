/**
 * Bounds of what is sent: a row that was accepted can be read again, by every program, for ever. What is read is not
 * held against them: earlier rows are shown as they are.
 */
import { z } from "zod";

const EARLIEST_UTC_MS = Date.parse("0001-01-01T00:00:00.000Z");
const LATEST_UTC_MS = Date.parse("9999-12-31T23:59:59.999Z");

/** An instant whose year has four digits in UTC too, whatever its offset. */
export const sentInstantSchema = z.iso.datetime({ offset: true }).refine((text) => {
  const utcMs = Date.parse(text);
  return utcMs >= EARLIEST_UTC_MS && utcMs <= LATEST_UTC_MS;
}, "An instant lies in the years 1 to 9999, in UTC.");

export const sentIdSchema = z.string().min(1).max(128);

const TOKEN = "[A-Za-z0-9!#$&^_.+*|~'`%-]{1,127}";
const QUOTED = String.raw`"[\x20\x21\x23-\x5b\x5d-\x7e]{0,127}"`;
const MIME_TYPE = new RegExp(`^${TOKEN}/${TOKEN}(?: ?; ?${TOKEN}=(?:${TOKEN}|${QUOTED})){0,4}$`);

/** Type and subtype, parameters if any (RFC 9110, 8.3.1). */
export const isMimeType = (text: string): boolean => text.length <= 255 && MIME_TYPE.test(text);

export const sentMimeTypeSchema = z.string().refine(isMimeType, "A MIME type is such as “video/mp4”.");
