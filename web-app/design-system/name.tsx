import { splitBeforeEnd } from "#shared/domain/name-end.ts";
import { isolated, visibleName } from "#shared/domain/names.ts";

interface NameProps {
  readonly children: string;
  /** Text of several lines may hold line breaks and tabs. */
  readonly mayBreak?: boolean;
}

/**
 * What people named or wrote: it keeps the direction in which it is written to itself, so that it cannot turn the words
 * around it, and what hides in it can be seen.
 */
export function Name({ children, mayBreak = false }: NameProps) {
  return <bdi>{visibleName(children, { mayBreak })}</bdi>;
}

/**
 * A name on one line that may have no room for it: beginning and end stay, the middle gives way. A row whose link has the
 * focus shows all of it. It is not for links whose name is their content: give those a label.
 */
export function LongName({ children }: { readonly children: string }) {
  const [head, end] = splitBeforeEnd(visibleName(children));
  return (
    <bdi className="long-name" title={isolated(children)} data-whole>
      <span className="long-name-head">{head}</span>
      {end !== "" && <span className="long-name-end">{end}</span>}
    </bdi>
  );
}
