import { useCallback, type ReactNode } from "react";
import { Button, Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { reachableScroller } from "#shared/page/reachable-scroller.ts";
import { Icon } from "./icon.tsx";

interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Over the page until it is closed, by its cross, by Escape or by a press beside it; the focus goes back. */
export function Dialog({ title, isOpen, onClose, children }: DialogProps) {
  const body = useCallback((element: HTMLElement | null) => reachableScroller(element, title), [title]);
  return (
    <ModalOverlay
      className="dialog-overlay"
      isOpen={isOpen}
      isDismissable
      onOpenChange={(open) => !open && onClose()}
    >
      <Modal className="dialog-modal panel">
        <AriaDialog className="dialog">
          <header className="panel-header">
            <Heading slot="title">{title}</Heading>
            <Button className="icon-button" aria-label="Close" onPress={onClose}>
              <Icon name="cross" />
            </Button>
          </header>
          <div ref={body} className="dialog-body">
            {children}
          </div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
