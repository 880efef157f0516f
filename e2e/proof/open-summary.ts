import type { Screens } from "../screen-objects/screens.ts";
import { asEntered, pastFootageEndUtcMs } from "./site-facts.ts";

/** The camera that `openSummary` sends. */
export const SUMMARY_CAMERA = "Fence east";
const RANGE_MS = 20 * 60_000;

/** Enters an export without a case, of twenty minutes of one camera that are over: Finish is next. */
export async function openSummary(screens: Screens, name: string, siteDir: string): Promise<void> {
  const { canvas, areaView, wizard } = screens;
  const endUtcMs = (await pastFootageEndUtcMs(siteDir)) - 5 * 60_000;
  const times = { start: asEntered(endUtcMs - RANGE_MS), end: asEntered(endUtcMs) };
  await canvas.tile(1).select();
  await areaView.open(SUMMARY_CAMERA);
  await wizard.openFrom(canvas.tile(1));
  await wizard.next();
  await wizard.fillTimes(SUMMARY_CAMERA, { name, ...times });
  await wizard.next();
  await wizard.associate("Skip and upload evidence");
  await wizard.next();
}
