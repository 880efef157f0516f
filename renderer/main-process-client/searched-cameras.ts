import type { Camera } from "#shared/domain/camera.ts";

/**
 * Whether a camera is searched for, wherever cameras are searched: its name or area holds every word, in any order and
 * case.
 * @param text as typed; without a word everything is
 */
export function cameraMatcher(text: string): (camera: Pick<Camera, "name" | "area">) => boolean {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return ({ name, area }) => {
    const searched = `${name} ${area}`.toLocaleLowerCase();
    return words.every((word) => searched.includes(word));
  };
}
