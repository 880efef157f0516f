import { useEffect } from "react";
import { isolated } from "#shared/domain/names.ts";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";

/** Names the page in the browser's tab and history. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${isolated(title)} – ${PRODUCT_NAME}`;
  }, [title]);
}
