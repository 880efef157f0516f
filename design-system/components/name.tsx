import { visibleName } from "#shared/domain/names.ts";
import { splitBeforeEnd } from "./name-end.ts";
import styles from "./name.module.css";

interface NameProps {
  readonly children: string;
  /** Text of several lines may hold line breaks and tabs. */
  readonly mayBreak?: boolean;
}

/**
 * What people named or wrote: a camera, an area, a case, a person. It keeps the direction in which it is written to
 * itself, so that it cannot turn the words around it, and what hides in it can be seen.
 */
export function Name({ children, mayBreak = false }: NameProps) {
  return <bdi>{visibleName(children, { mayBreak })}</bdi>;
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
