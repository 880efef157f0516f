import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/**
 * Builds the application into `out/web-app`, from where the service serves it. Nothing is inlined
 * as a data URI: the service's content policy allows files of its own origin only.
 */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "/",
  plugins: [react()],
  build: {
    outDir: "../out/web-app",
    emptyOutDir: true,
    // For the notices that are shipped with it (dev/packaging).
    license: { fileName: ".vite/license.json" },
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 900,
  },
});
