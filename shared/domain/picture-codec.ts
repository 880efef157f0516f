/** Sample entries of the same codec have two names: with and without parameter sets in the samples (ISO/IEC 14496-15). */
const OTHER_NAMES: Readonly<Record<string, string>> = { avc3: "avc1", hev1: "hvc1" };

/**
 * Whether pictures of both can follow each other in one video, whatever their profiles and sizes.
 * @param a and `b`: as RFC 6381 names codecs, such as `avc1.64001e`
 */
export function isSameCodec(a: string, b: string): boolean {
  return familyOf(a) === familyOf(b);
}

function familyOf(codec: string): string {
  const name = codec.split(".", 1)[0] ?? "";
  return OTHER_NAMES[name] ?? name;
}
