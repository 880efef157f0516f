import react from "@vitejs/plugin-react";
import { defineConfig } from "electron-vite";

/** Which packages went into the bundle, for the notices that are shipped with it (dev/packaging). */
const license = { fileName: ".vite/license.json" };

/**
 * What runs where (docs/architecture.md): main and its three own processes or threads as ES modules, the
 * preload as one sandboxed CommonJS file, the interface as a web page. Production dependencies stay outside
 * the bundles; our own `#…` subpaths go in.
 */
export default defineConfig({
  main: {
    build: {
      outDir: "out/main",
      sourcemap: true,
      license,
      rollupOptions: {
        input: {
          main: "electron/main.ts",
          archive: "archive/main.ts",
          "evidence-service": "evidence-service/main.ts",
          "checkpoint-thread": "evidence-service/storage/checkpoint-thread.ts",
          "password-worker": "evidence-service/web/password-worker.ts",
          "search-thread": "evidence-service/search/search-thread.ts",
          "segment-worker": "electron/adapters/segment-encryptor/segment-worker.ts",
        },
        // Shared chunks lie beside the entries: `import.meta.url` means out/main/ wherever code ends up.
        output: { format: "es", entryFileNames: "[name].js", chunkFileNames: "[name]-[hash].js" },
      },
    },
  },
  preload: {
    build: {
      outDir: "out/preload",
      license,
      // A sandboxed preload can require `electron` and nothing from node_modules.
      externalizeDeps: false,
      rollupOptions: {
        input: { preload: "electron/preload.ts" },
        output: { format: "cjs", entryFileNames: "[name].cjs" },
      },
    },
  },
  renderer: {
    root: "renderer",
    plugins: [react()],
    build: {
      outDir: "out/renderer",
      sourcemap: true,
      license,
      minify: "oxc",
      rollupOptions: { input: { index: "renderer/index.html" } },
    },
  },
});
