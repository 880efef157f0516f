import { visibleName } from "#shared/domain/names.ts";
import styles from "./name.module.css";
import { splitBeforeEnd } from "#shared/domain/name-end.ts";

/**
 * A name of the site's or of an account's own: of a camera, an area, a case, a person. It keeps the direction in which it
 * is written to itself, so that it cannot turn the words around it, and what hides in it can be seen.
 */
export function Name({ children }: { readonly children: string }) {
  return <bdi>{visibleName(children)}</bdi>;
}

/**
 * A name on one line that may have no room for it: its beginning and its end stay, the middle gives way. Where the
 * keyboard can get there, the list it stands in shows all of it (`data-whole`). It is not for names that are read from
 * the content of a control: give that control a label of its own.
 */
export function LongName({ children }: { readonly children: string }) {
  const [head, end] = splitBeforeEnd(visibleName(children));
  return (
    <bdi className={styles["long"]} data-whole>
      <span className={styles["head"]}>{head}</span>
      {end !== "" && <span className={styles["end"]}>{end}</span>}
    </bdi>
  );
}
