/**
 * Who may import whom: one row a room, everything else is refused. `npm run check` holds every import to it by the file
 * that it leads to, whatever way it is written; a room without a row fails. A row's room is the longest one that a
 * file's path begins with; a row that names the folder around it means the files that lie there beside the rooms. What
 * a room may, its tests may too, and all of their own program, of shared/ and of runtime/ besides.
 */
import { ARCHIVE } from "./walls/archive-walls.ts";
import { CONSOLE } from "./walls/console-walls.ts";
import { DESIGN_SYSTEM } from "./walls/design-system-walls.ts";
import { SERVICE } from "./walls/evidence-service-walls.ts";
import { NOT_SHIPPED } from "./walls/not-shipped-walls.ts";
import { RENDERER } from "./walls/renderer-walls.ts";
import { RUNTIME } from "./walls/runtime-walls.ts";
import { SHARED } from "./walls/shared-walls.ts";
import { WEB_APP } from "./walls/web-app-walls.ts";
import type { Wall } from "./walls/wall.ts";

export const WALLS: readonly Wall[] = [
  ...[...SHARED, ...RUNTIME, ...DESIGN_SYSTEM, ...RENDERER, ...CONSOLE, ...ARCHIVE, ...SERVICE, ...WEB_APP],
  ...NOT_SHIPPED,
];
