export interface DescribedPicture {
  /** Payload type of its packets (RFC 3551, 6). */
  readonly type: number;
  readonly codec: string;
  /** Ticks of its stamps in a second. */
  readonly clockRate: number;
}

/** The picture that a camera describes (RFC 8866), null where it describes none as cameras do. */
export function describedPicture(description: string): DescribedPicture | null {
  const picture = description.split(/^m=/m).find((part) => part.startsWith("video")) ?? "";
  const [, type, codec = "", clockRate] = /^a=rtpmap:(\d+) ([^/\s]+)\/(\d+)/im.exec(picture) ?? [];
  if (type === undefined || Number(clockRate) <= 0) return null;
  return { type: Number(type), codec: codec.toUpperCase(), clockRate: Number(clockRate) };
}

/** Payload type of the sound that a camera describes; null without any. */
export function describedSoundType(description: string): number | null {
  const [, type] = /^m=audio \S+ \S+ (\d+)/m.exec(description) ?? [];
  return type === undefined ? null : Number(type);
}
