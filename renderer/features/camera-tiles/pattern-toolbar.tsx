import type { ReactNode } from "react";
import { IconButton } from "#design-system/components/button.tsx";
import styles from "./canvas.module.css";
import { setPattern, useCanvasStore } from "./canvas-store.ts";
import { TILE_PATTERNS } from "./tile-patterns.ts";

export function PatternToolbar({ end }: { readonly end?: ReactNode }) {
  const chosen = useCanvasStore((state) => state.pattern);
  return (
    <div className={styles["toolbar"]} role="group" aria-label="Patterns of the canvas">
      {TILE_PATTERNS.map(({ id, name, icon }) => (
        <IconButton
          key={id}
          icon={icon}
          label={`Pattern ${name}`}
          isActive={chosen === id}
          onPress={() => setPattern(id)}
        />
      ))}
      <div className={styles["toolbarEnd"]}>{end}</div>
    </div>
  );
}
