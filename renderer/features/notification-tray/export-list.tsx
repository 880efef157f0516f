import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import { useRef } from "react";
import { withFocusedRow } from "#shared/page/focused-row.ts";
import { EmptyState } from "#design-system/components/empty-state.tsx";
import { useExports } from "../../main-process-client/exports.ts";
import { ExportCard } from "./export-card.tsx";
import { turnOf } from "./export-words.ts";
import { useWantedCard } from "./wanted-card.ts";
import styles from "./export-list.module.css";

const CARD_HEIGHT_PX = 132;

/** Every export, newest first; only those in sight are drawn. */
export function ExportList({ siteTimeZone }: { readonly siteTimeZone: string }) {
  const { value: exports = [], failure } = useExports();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: exports.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CARD_HEIGHT_PX,
    getItemKey: (index) => exports[index]?.exportId ?? index,
    overscan: 4,
    rangeExtractor: (range) => withFocusedRow(scroller.current, defaultRangeExtractor(range), range.count),
  });
  useWantedCard(exports, scroller, (index) => virtual.scrollToIndex(index, { align: "center" }));
  if (failure !== null) {
    return (
      <EmptyState icon="warning" title={failure.message}>
        <p>{failure.action}</p>
      </EmptyState>
    );
  }
  if (exports.length === 0) {
    return (
      <EmptyState icon="tray" title="No exports">
        <p>What you send from a camera tile is shown here until you dismiss it.</p>
      </EmptyState>
    );
  }
  return (
    <div ref={scroller} className={styles["scroller"]} tabIndex={-1}>
      <ul className={styles["list"]} aria-label="Exports" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const status = exports[item.index];
          return status === undefined ? null : (
            <li
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              aria-setsize={exports.length}
              aria-posinset={item.index + 1}
              className={styles["item"]}
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <ExportCard status={status} siteTimeZone={siteTimeZone} turn={turnOf(status, exports)} />
            </li>
          );
        })}
      </ul>
    </div>
  );
}
