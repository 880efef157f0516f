import { useEffect } from "react";
import { bidiIsolated } from "#shared/domain/names.ts";
import { PRODUCT_NAME } from "#shared/domain/brand.ts";

/** Names the page in the browser's tab and history. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${bidiIsolated(title)} – ${PRODUCT_NAME}`;
  }, [title]);
}
