import { defineConfig } from "@playwright/test";

/** The whole system is one machine's cameras, disk and browser: specs run one after the other, and never twice. */
export default defineConfig({
  testDir: "e2e",
  testMatch: "**/*.spec.ts",
  // About packages alone; `npm run proofs -- package` makes one and runs them.
  testIgnore: process.env["EVIDENCE_DESK_TEST_PACKAGE"] ? [] : ["**/e2e/packaged/**"],
  outputDir: "test-results/e2e",
  workers: 1,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  forbidOnly: Boolean(process.env["CI"]),
  reporter: [["list"], ["json", { outputFile: "test-results/reports/playwright.json" }]],
});
