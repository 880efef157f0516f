import type { MenuEntry } from "../../design-system/menu.tsx";

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
          keys: "L",
          startsGroup: first.length > 0,
          onAction: menu.onLive,
        },
    { id: "jump", label: "Jump to time", icon: "clock", keys: "T", onAction: menu.onJump },
    { id: "snapshot", label: "Snapshot", icon: "snapshot", onAction: menu.onSnapshot },
    isExpanded
      ? { id: "restore", label: "Restore", icon: "shrink", keys: "Enter", onAction: menu.onExpand }
      : { id: "expand", label: "Expand", icon: "expand", keys: "Enter", onAction: menu.onExpand },
    ...last,
    { id: "remove", label: "Remove from tile", icon: "close", startsGroup: true, onAction: menu.onRemove },
  ];
}
