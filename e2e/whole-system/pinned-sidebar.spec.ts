import { startConsole } from "../fixture/console.ts";
import { expect, test } from "../fixture/test.ts";
import { screensOf } from "../screen-objects/screens.ts";

test("the pinned sidebar survives a restart", async ({ siteDir }) => {
  const before = await startConsole({ siteDir });
  const screens = screensOf(before.page);
  await screens.logOn.logOn("operator", "operator");
  await screens.tray.pinToSidebar();
  await expect(screens.sidebar.region).toBeVisible();
  await before.close();

  const after = await startConsole({ siteDir });
  const again = screensOf(after.page);
  await again.logOn.logOn("operator", "operator");
  await expect(again.sidebar.region).toBeVisible();
  await again.sidebar.unpin();
  await expect(again.sidebar.region).toBeHidden();
  await after.close();
});
