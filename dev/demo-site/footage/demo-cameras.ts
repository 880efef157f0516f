import { SCENES, type Scene } from "./scenery.ts";

export interface DemoCamera {
  readonly id: string;
  readonly name: string;
  readonly area: string;
  readonly scene: Scene;
  /** How much past footage it gets. */
  readonly pastMs: number;
  /** A hole in the past footage, counted back from the end of it; null for none. */
  readonly gap: { readonly beginsBeforeEndMs: number; readonly lengthMs: number } | null;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const ordinary = { pastMs: 3 * HOUR_MS, gap: null };

/** Six cameras in three areas; one with more than a day of footage, two with a gap. */
export const DEMO_CAMERAS: readonly DemoCamera[] = [
  {
    id: "lobby-entrance",
    name: "Lobby entrance",
    area: "Main building",
    scene: SCENES.entrance,
    ...ordinary,
  },
  {
    ...{ id: "reception-desk", name: "Reception desk", area: "Main building", scene: SCENES.reception },
    ...{ pastMs: 3 * HOUR_MS, gap: { beginsBeforeEndMs: 50 * MINUTE_MS, lengthMs: 4 * MINUTE_MS } },
  },
  { id: "car-park-north", name: "Car park north", area: "Car park", scene: SCENES.carParkNorth, ...ordinary },
  {
    ...{ id: "car-park-barrier", name: "Car park barrier", area: "Car park", scene: SCENES.carParkBarrier },
    ...{ pastMs: 3 * HOUR_MS, gap: { beginsBeforeEndMs: 100 * MINUTE_MS, lengthMs: 92_000 } },
  },
  { id: "fence-east", name: "Fence east", area: "Perimeter", scene: SCENES.fenceEast, ...ordinary },
  {
    ...{ id: "gate-night", name: "Gate at night", area: "Perimeter", scene: SCENES.gateNight },
    ...{ pastMs: 26 * HOUR_MS, gap: null },
  },
];
