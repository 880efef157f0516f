import type { ReactNode } from "react";
import { VisuallyHidden } from "react-aria-components";
import { IconButton } from "#design-system/components/button.tsx";
import { formatNumber } from "#shared/words/amounts.ts";
import styles from "./list-header.module.css";

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
    <header className={styles["header"]}>
      <h1>{title}</h1>
      <span className={styles["count"]} role="status">
        {shown !== undefined && (
          <>
            {`${formatNumber(shown)}${more ? "+" : ""}`}
            <VisuallyHidden elementType="span"> {title} shown</VisuallyHidden>
          </>
        )}
      </span>
      {children}
      <div className={styles["end"]}>
        <IconButton
          icon="retry"
          label="Refresh"
          isPending={list.isFetching}
          onPress={() => void list.refetch()}
        />
      </div>
    </header>
  );
}
