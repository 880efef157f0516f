import { keyCapOf } from "#shared/page/key-sheet.ts";
import type { MenuEntry } from "#design-system/components/menu.tsx";
import { TILE_KEYS } from "./tile-keys.ts";

interface TileMenu {
  readonly first: readonly MenuEntry[];
  readonly last: readonly MenuEntry[];
  readonly isLive: boolean;
  readonly isExpanded: boolean;
  readonly onLive: () => void;
  readonly onPlayback: () => void;
  readonly onJump: () => void;
  readonly onSnapshot: () => void;
  readonly onExpand: () => void;
  readonly onRemove: () => void;
}

/** The entries of a tile's context menu. */
export function tileMenu(menu: TileMenu): MenuEntry[] {
  const { first, last, isLive, isExpanded } = menu;
  return [
    ...first,
    isLive
      ? {
          id: "playback",
          label: "Playback",
          icon: "play",
          startsGroup: first.length > 0,
          onAction: menu.onPlayback,
        }
      : {
          id: "live",
          label: "Live",
          icon: "live",
          keys: keyCapOf(TILE_KEYS, "live"),
          startsGroup: first.length > 0,
          onAction: menu.onLive,
        },
    {
      id: "jump",
      label: "Jump to time",
      icon: "clock",
      keys: keyCapOf(TILE_KEYS, "jump"),
      onAction: menu.onJump,
    },
    { id: "snapshot", label: "Snapshot", icon: "snapshot", onAction: menu.onSnapshot },
    isExpanded
      ? {
          id: "restore",
          label: "Restore",
          icon: "shrink",
          keys: keyCapOf(TILE_KEYS, "expand"),
          onAction: menu.onExpand,
        }
      : {
          id: "expand",
          label: "Expand",
          icon: "expand",
          keys: keyCapOf(TILE_KEYS, "expand"),
          onAction: menu.onExpand,
        },
    ...last,
    {
      id: "remove",
      label: "Remove from tile",
      icon: "close",
      keys: keyCapOf(TILE_KEYS, "remove"),
      startsGroup: true,
      onAction: menu.onRemove,
    },
  ];
}
