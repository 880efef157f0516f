import type { ReactNode } from "react";
import { Button } from "react-aria-components";
import { Icon } from "../design-system/icon.tsx";

interface ListHeaderProps {
  readonly title: string;
  /** How many records are here; undefined while the first page is on its way. */
  readonly shown: number | undefined;
  readonly more: boolean;
  readonly list: { readonly isFetching: boolean; readonly refetch: () => Promise<unknown> };
  /** Search and filters. */
  readonly children: ReactNode;
}

/** Title, count, search and refresh of a list. */
export function ListHeader({ title, shown, more, list, children }: ListHeaderProps) {
  return (
    <header className="list-header">
      <h1>{title}</h1>
      <span className="count" role="status">
        {shown !== undefined && (
          <>
            {`${shown.toLocaleString("en")}${more ? "+" : ""}`}
            <span className="only-spoken"> {title} shown</span>
          </>
        )}
      </span>
      {children}
      <Button
        className="icon-button"
        aria-label="Refresh"
        isPending={list.isFetching}
        onPress={() => void list.refetch()}
      >
        <Icon name="refresh" />
      </Button>
    </header>
  );
}
