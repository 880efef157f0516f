import { Temporal } from "temporal-polyfill";
import { create } from "zustand";

const STORED_UNDER = "evidence-desk.zone";

/** Zones that can be chosen: the one of this computer, and UTC. */
export const ZONES: readonly string[] = [...new Set([Temporal.Now.timeZoneId(), "UTC"])];

interface ZoneChoice {
  readonly zone: string;
  readonly choose: (zone: string) => void;
}

function storedZone(): string {
  const stored = window.localStorage.getItem(STORED_UNDER);
  return ZONES.find((zone) => zone === stored) ?? ZONES[0] ?? "UTC";
}

/** The zone in which every time of the application is shown; remembered in this browser. */
export const useZoneChoice = create<ZoneChoice>((set) => ({
  zone: storedZone(),
  choose: (zone) => {
    window.localStorage.setItem(STORED_UNDER, zone);
    set({ zone });
  },
}));

export function useZone(): string {
  return useZoneChoice((choice) => choice.zone);
}
