/** Versions of this product: three numbers without anything after them. */
const VERSION = /^(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})$/;

export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/** Negative where `a` is the older one, 0 where they are the same. @throws Error for what is no version */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [partsOf(a), partsOf(b)];
  const differing = left.findIndex((part, index) => part !== right[index]);
  return differing === -1 ? 0 : (left[differing] ?? 0) - (right[differing] ?? 0);
}

function partsOf(version: string): number[] {
  const found = VERSION.exec(version);
  if (found === null) throw new Error(`${JSON.stringify(version)} is no version.`);
  return found.slice(1).map(Number);
}
