import { visibleName } from "#shared/domain/names.ts";

/**
 * A name of the site's or of an account's own: of a camera, an area, a case, a person. It keeps the direction in which it
 * is written to itself, so that it cannot turn the words around it, and what hides in it can be seen.
 */
export function Name({ children }: { readonly children: string }) {
  return <bdi>{visibleName(children)}</bdi>;
}
