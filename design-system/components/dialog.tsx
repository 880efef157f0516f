import { useCallback, type ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { reachableScroller } from "#shared/page/reachable-scroller.ts";
import { Button, IconButton } from "./button.tsx";
import { classNames } from "./class-names.ts";
import styles from "./dialog.module.css";

interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  /** Asked by Escape and by the closing cross; whoever owns the dialog decides. Without it there is neither. */
  readonly onClose?: () => void;
  /** A press beside it asks too; only for what is read and keeps nothing. */
  readonly closesBeside?: boolean;
  readonly size?: "small" | "medium" | "large" | "huge";
  readonly role?: "dialog" | "alertdialog";
  /** Buttons at the lower edge; `footerStart` stands at the left of them. */
  readonly footer?: ReactNode;
  readonly footerStart?: ReactNode;
  /** Shown beside the title, e.g. the step of a wizard. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export function Dialog(props: DialogProps) {
  const {
    title,
    isOpen,
    onClose,
    closesBeside = false,
    size = "medium",
    role = "dialog",
    footer,
    footerStart,
    aside,
    children,
  } = props;
  const body = useCallback((element: HTMLElement | null) => reachableScroller(element, title), [title]);
  return (
    <ModalOverlay
      className={styles["overlay"]!}
      isOpen={isOpen}
      isDismissable={closesBeside}
      isKeyboardDismissDisabled={onClose === undefined}
      onOpenChange={(open) => !open && onClose?.()}
    >
      <Modal className={classNames(styles["modal"], styles[size])}>
        <AriaDialog className={styles["dialog"]!} role={role}>
          <div className={styles["header"]}>
            <Heading slot="title" className={styles["title"]!}>
              {title}
            </Heading>
            {aside}
            {onClose !== undefined && (
              <IconButton icon="close" label="Close" size="small" onPress={onClose} />
            )}
          </div>
          <div ref={body} className={styles["body"]}>
            {children}
          </div>
          {footer !== undefined && (
            <div className={styles["footer"]}>
              <div className={styles["footerStart"]}>{footerStart}</div>
              {footer}
            </div>
          )}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

interface ConfirmDialogProps {
  readonly title: string;
  readonly message: ReactNode;
  readonly confirmLabel: string;
  readonly cancelLabel?: string;
  readonly isDanger?: boolean;
  readonly isOpen: boolean;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

/** Asks before something is lost. Escape means no. */
export function ConfirmDialog(props: ConfirmDialogProps) {
  const { title, message, confirmLabel, cancelLabel = "Cancel", isDanger = false, isOpen } = props;
  return (
    <Dialog
      title={title}
      isOpen={isOpen}
      onClose={props.onCancel}
      size="small"
      role="alertdialog"
      footer={
        <>
          <Button autoFocus onPress={props.onCancel}>
            {cancelLabel}
          </Button>
          <Button variant={isDanger ? "danger" : "primary"} onPress={props.onConfirm}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      {message}
    </Dialog>
  );
}
