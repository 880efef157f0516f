import type { ReactNode, RefObject } from "react";
import { Dialog, Popover } from "react-aria-components";
import styles from "./popover-dialog.module.css";

interface PopoverDialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  /** Beside what it opens. */
  readonly triggerRef: RefObject<HTMLElement | null>;
  readonly children: ReactNode;
}

/** A small question beside what it is about. Escape and a press outside close it; the focus goes back. */
export function PopoverDialog({ title, isOpen, onClose, triggerRef, children }: PopoverDialogProps) {
  return (
    <Popover
      className={styles["popover"]!}
      triggerRef={triggerRef}
      isOpen={isOpen}
      onOpenChange={(open) => !open && onClose()}
      placement="top"
      offset={6}
    >
      <Dialog aria-label={title} className={styles["dialog"]!}>
        {/* What is pressed in here is no business of what the popover stands in, such as a tile with its menu. */}
        <div role="presentation" onContextMenu={(event) => event.stopPropagation()}>
          {children}
        </div>
      </Dialog>
    </Popover>
  );
}
