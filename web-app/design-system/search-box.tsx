import { useEffect, useState, type KeyboardEvent } from "react";
import { Button, Input, SearchField } from "react-aria-components";
import { actionOf, SEARCH_KEYS } from "#shared/page/keys.ts";
import { Icon } from "./icon.tsx";
import { enterRecords } from "./record-table.tsx";

/** How long typing must rest before the search is made, milliseconds. */
const REST_MS = 250;

interface SearchBoxProps {
  readonly label: string;
  readonly text: string;
  readonly onSearch: (text: string) => void;
}

/** Searches while typing; Escape or the cross empties it. */
export function SearchBox({ label, text, onSearch }: SearchBoxProps) {
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
    <SearchField aria-label={label} className="search-box" value={typed} onChange={setTyped}>
      <Icon name="search" />
      <Input placeholder={label} onKeyDown={enterList} />
      <Button className="icon-button clear" aria-label="Clear search">
        <Icon name="cross" />
      </Button>
    </SearchField>
  );
}

function enterList(event: KeyboardEvent): void {
  if (actionOf(SEARCH_KEYS, event) !== null) enterRecords(event.currentTarget.closest("main"));
}
