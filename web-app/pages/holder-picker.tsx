import { useRef, useState } from "react";
import { ListBox } from "#design-system/components/list-box.tsx";
import { enterList, SearchField } from "#design-system/components/search-field.tsx";
import { Quiet } from "#design-system/components/text.tsx";
import type { WebHolders } from "#shared/web-api/access.ts";
import { useHolders } from "../service-client/access.ts";
import styles from "./access-panel.module.css";
import { holderKey, KIND_NAMES } from "./access-words.ts";

export type NamedHolder = WebHolders["holders"][number];

interface HolderPickerProps {
  readonly picked: NamedHolder | null;
  readonly onPick: (holder: NamedHolder) => void;
  /** Whom it offers. */
  readonly kinds: readonly NamedHolder["kind"][];
}

/** Finds a person or a group by a part of the name. */
export function HolderPicker({ picked, onPick, kinds }: HolderPickerProps) {
  const [text, setText] = useState("");
  const list = useRef<HTMLDivElement>(null);
  const found = useHolders(text);
  const items = (found.data?.holders ?? [])
    .filter(({ kind }) => kinds.includes(kind))
    .map((holder) => ({ ...holder, key: holderKey(holder) }));
  const select = (ids: ReadonlySet<string>) => {
    const holder = items.find(({ key }) => ids.has(key));
    if (holder !== undefined) onPick(holder);
  };
  return (
    <>
      <SearchField
        label="Find a person or a group"
        value={text}
        onChange={setText}
        autoFocus
        onEnterList={() => enterList(list.current)}
      />
      <ListBox
        label="People and groups"
        ref={list}
        className={styles["found"]}
        items={items.map((item) => ({ ...item, id: item.key }))}
        nameOf={({ name }) => name}
        selectionMode="single"
        selectedIds={new Set(picked === null ? [] : [holderKey(picked)])}
        onSelect={select}
        emptyText={found.isPending ? "Looking…" : "Nobody has such a name."}
      >
        {({ name, kind }) => (
          <span className={styles["who"]}>
            {name} {kind !== "everyone" && <Quiet>{KIND_NAMES[kind]}</Quiet>}
          </span>
        )}
      </ListBox>
    </>
  );
}
