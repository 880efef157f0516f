/** Payload type of a sender report, and its length without blocks (RFC 3550, 6.4.1). */
const SENDER_REPORT = 200;
const REPORT_BYTES = 28;

/** From 1900, with which these times begin, to 1970, seconds (RFC 3550, 4). */
const SINCE_1900_S = 2_208_988_800;

/** Of a camera that does not know the time of day the highest bit is not set: it counts from its beginning (6.4.1). */
const OF_DAY_S = 2 ** 31;

export interface SenderReport {
  readonly sender: number;
  /** By the sender's clock of day, microseconds UTC. */
  readonly utcUs: number;
  /** The stamp that a frame of that moment would have. */
  readonly stamp: number;
}

/** @param packet of RTCP, which may hold others behind it; null where it is no report, or its sender has no time of day */
export function senderReport(packet: Buffer): SenderReport | null {
  if (packet.length < REPORT_BYTES || packet.readUInt8(1) !== SENDER_REPORT) return null;
  const seconds = packet.readUInt32BE(8);
  if (seconds < OF_DAY_S) return null;
  const utcUs = (seconds - SINCE_1900_S) * 1_000_000 + (packet.readUInt32BE(12) * 1_000_000) / 2 ** 32;
  return { sender: packet.readUInt32BE(4), utcUs, stamp: packet.readUInt32BE(16) };
}
