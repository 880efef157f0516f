import { defineConfig } from "vitest/config";

/** One project a top-level folder, so that `vitest run --project archive` is possible; all run in plain Node. */
const folders = [
  ...["shared", "media", "runtime", "archive", "evidence-service", "electron"],
  ...["design-system", "renderer", "web-app", "dev", "proofs"],
];

export default defineConfig({
  test: {
    // Tests run real ffmpeg, databases and browsers: more at a time than this only slows each of them down.
    maxWorkers: 2,
    passWithNoTests: true,
    projects: folders.map((name) => ({
      extends: true as const,
      test: {
        name,
        include: [`${name}/**/*.test.ts`, `${name}/**/*.test.tsx`],
        environment: "node",
        // Real processes on a busy machine take their time; what hangs, hangs for longer.
        testTimeout: 90_000,
        hookTimeout: 90_000,
        expect: { poll: { timeout: 10_000 } },
      },
    })),
  },
});
