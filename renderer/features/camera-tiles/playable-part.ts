/** What this computer can show of a playlist in which the format of the pictures changes. Pure. */
import { CODEC_COMMENT } from "#shared/archive-api/playlist-codec.ts";
import { clockMediaSegments, mediaAtInstant } from "./archive-video/playback-playlist.ts";

/** What was recorded in one go, in one format. */
interface Session {
  readonly codec: string;
  readonly text: string;
}

export type PlayablePart =
  | { readonly kind: "playable"; readonly playlist: string; readonly isCodecKnown: boolean }
  /** Of the instant there are pictures for which there is no decoder here. */
  | {
      readonly kind: "unplayable";
      readonly codec: string;
      /** Where pictures begin again that can be shown, as far as the playlist tells. */
      readonly nextUtcMs: number | null;
    };

/**
 * The part of a playlist around an instant of which all can be decoded: a player that is given pictures that it cannot
 * decode shows those before them neither. Where nothing was recorded at the instant, the whole.
 * @param playlist of an archive; one from before it told the codecs is taken as it is
 */
export function playablePart(
  playlist: string,
  utcMs: number,
  isPlayable: (codec: string) => boolean,
): PlayablePart {
  const { head, sessions } = sessionsOf(playlist);
  const whole = { kind: "playable", playlist, isCodecKnown: sessions.length > 0 } as const;
  const can = sessions.map(({ codec }) => isPlayable(codec));
  if (!can.includes(false)) return whole;
  const at = sessions.findIndex(({ text }) => mediaAtInstant(clockMediaSegments(text), utcMs) !== null);
  if (at < 0) return whole;
  if (!can[at]) {
    const next = sessions.find((_session, index) => index > at && can[index]);
    const nextUtcMs = clockMediaSegments(next?.text ?? "")[0]?.startUtcMs ?? null;
    return { kind: "unplayable", codec: sessions[at]!.codec, nextUtcMs };
  }
  const first = can.lastIndexOf(false, at) + 1;
  const end = can.indexOf(false, at);
  const shown = sessions.slice(first, end < 0 ? undefined : end);
  return { ...whole, playlist: head + shown.map(({ text }) => text).join("") };
}

function sessionsOf(playlist: string): { head: string; sessions: Session[] } {
  const [head = "", ...sessions] = playlist.split(CODEC_COMMENT);
  return {
    head,
    sessions: sessions.map((each) => {
      const lineEnd = each.indexOf("\n");
      return { codec: each.slice(0, lineEnd), text: each.slice(lineEnd + 1) };
    }),
  };
}
