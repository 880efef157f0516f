import { useEffect, useRef, useState } from "react";
import { SearchField } from "#design-system/components/search-field.tsx";
import { enterRecords } from "#design-system/tables/record-table.tsx";
import styles from "./search-box.module.css";

/** How long typing must rest before the search is made, milliseconds. */
const REST_MS = 250;

interface SearchBoxProps {
  readonly label: string;
  readonly text: string;
  readonly onSearch: (text: string) => void;
}

/** Searches while typing; Escape or the cross empties it. */
export function SearchBox({ label, text, onSearch }: SearchBoxProps) {
  const box = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState(text);
  const [given, setGiven] = useState(text);
  if (given !== text) {
    setGiven(text);
    // The address changed by itself (back, a link): what was typed gives way.
    if (text !== typed.trim()) setTyped(text);
  }
  useEffect(() => {
    if (typed.trim() === text) return undefined;
    const timer = setTimeout(() => onSearch(typed.trim()), REST_MS);
    return () => clearTimeout(timer);
  }, [typed, text, onSearch]);
  return (
    <div ref={box} className={styles["box"]}>
      <SearchField
        label={label}
        value={typed}
        onChange={setTyped}
        onEnterList={() => enterRecords(box.current?.closest("main") ?? null)}
      />
    </div>
  );
}
