/**
 * Begins a line of the archive's playlists before each session; behind it stands the session's codec as RFC 6381 names
 * it. To whoever does not know it, it is a comment (RFC 8216, 4.1).
 */
export const CODEC_COMMENT = "#EVIDENCE-DESK-CODEC:";
