import { expect, test } from "vitest";
import { rightsPage } from "../testing/rights-page.ts";

test("the page on rights says what the table says; `npx vitest -u` writes it anew", async () => {
  await expect(rightsPage()).toMatchFileSnapshot("../../docs/reference/rights.md");
});
