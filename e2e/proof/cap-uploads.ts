import { expect } from "@playwright/test";
import type { Screens } from "../screen-objects/screens.ts";

/** Slow enough that an export is under way for as long as it is wanted to be; an administrator is logged on. */
export async function capUploads({ settings }: Screens, megabitsPerSecond: string): Promise<void> {
  await settings.open();
  await settings.turnTo("Destination");
  await settings.field("Bandwidth cap in Mbit/s").fill(megabitsPerSecond);
  await settings.button("Save").click();
  await expect(settings.dialog.getByText("Saved.")).toBeVisible();
  await settings.close();
}
