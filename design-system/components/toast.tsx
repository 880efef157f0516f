import { useEffect } from "react";
import { create } from "zustand";
import { IconButton } from "./button.tsx";
import { classNames } from "./class-names.ts";
import { Icon } from "../icons/icon.tsx";
import styles from "./toast.module.css";

interface Toast {
  readonly id: number;
  readonly tone: "info" | "success" | "danger";
  readonly text: string;
}

interface ToastStore {
  readonly toasts: readonly Toast[];
  readonly nextId: number;
}

const SHOWN_FOR_MS = 6_000;
const useToasts = create<ToastStore>(() => ({ toasts: [], nextId: 1 }));

/** Says something once at the lower edge of the window; a failure stays until it is closed. */
export function showToast(tone: Toast["tone"], text: string): void {
  useToasts.setState(({ toasts, nextId }) => ({
    toasts: [...toasts.slice(-3), { id: nextId, tone, text }],
    nextId: nextId + 1,
  }));
}

function closeToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
}

/** Mounted once; a live region, so that what it says is spoken. */
export function ToastRegion() {
  const toasts = useToasts((state) => state.toasts);
  return (
    <div className={styles["region"]} role="status" aria-live="polite" data-react-aria-top-layer="true">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastCard({ toast }: { readonly toast: Toast }) {
  useEffect(() => {
    if (toast.tone === "danger") return;
    const timer = setTimeout(() => closeToast(toast.id), SHOWN_FOR_MS);
    return () => clearTimeout(timer);
  }, [toast]);
  return (
    <div className={classNames(styles["toast"], styles[toast.tone])}>
      <Icon name={toast.tone === "danger" ? "warning" : toast.tone === "success" ? "check" : "info"} />
      <span className={styles["text"]}>{toast.text}</span>
      <IconButton icon="close" label="Close message" size="small" onPress={() => closeToast(toast.id)} />
    </div>
  );
}
