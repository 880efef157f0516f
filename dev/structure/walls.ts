/**
 * Who may import whom: one row a room, everything else is refused. The linter and `npm run check` hold every import to
 * it by the file that it leads to, whatever way it is written. A row is about the files that lie in its folder beside
 * each other: a folder below is a room of its own and fails without a row, unless the row says that it covers its
 * folders. What a room may, its tests may too, and all of their own program, of shared/ and of runtime/ besides; they
 * lie beside what they test, or in a folder `testing` there.
 */
import { ARCHIVE } from "./walls/archive-walls.ts";
import { CONSOLE } from "./walls/console-walls.ts";
import { DEV } from "./walls/dev-walls.ts";
import { E2E } from "./walls/e2e-walls.ts";
import { DESIGN_SYSTEM } from "./walls/design-system-walls.ts";
import { SERVICE } from "./walls/evidence-service-walls.ts";
import { FOR_TESTS } from "./walls/for-tests-walls.ts";
import { PROOFS } from "./walls/proofs-walls.ts";
import { RENDERER } from "./walls/renderer-walls.ts";
import { RUNTIME } from "./walls/runtime-walls.ts";
import { SHARED } from "./walls/shared-walls.ts";
import { WEB_APP } from "./walls/web-app-walls.ts";
import type { Wall } from "./walls/wall.ts";

export const WALLS: readonly Wall[] = [
  ...[...SHARED, ...RUNTIME, ...DESIGN_SYSTEM, ...RENDERER, ...CONSOLE, ...ARCHIVE, ...SERVICE, ...WEB_APP],
  ...[...FOR_TESTS, ...DEV, ...PROOFS, ...E2E],
];
