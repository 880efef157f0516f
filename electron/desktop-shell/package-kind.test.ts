import { expect, test } from "vitest";
import { type AskedProgram, packageKindOf } from "./package-kind.ts";

const program = (other: Partial<AskedProgram>): AskedProgram => ({
  ...{
    platform: "linux",
    isPackaged: true,
    executablePath: "/opt/of-no-package/evidence-desk",
    environment: {},
  },
  ...other,
});

test.each<[string | null, Partial<AskedProgram>]>([
  ["AppImage", { environment: { APPIMAGE: "/home/operator/Evidence Desk.AppImage" } }],
  [null, { environment: { APPIMAGE: "relative.AppImage" } }],
  [null, {}],
  ["nsis", { platform: "win32" }],
  [null, { platform: "win32", isPackaged: false }],
  ["mac-zip", { platform: "darwin" }],
])("%s: %j", async (kind, other) => {
  expect(await packageKindOf(program(other))).toBe(kind);
});

/** Of Debian's own package: any file that dpkg has put there will do. */
test.runIf(process.platform === "linux")("a program that dpkg knows is of a deb", async () => {
  const isDebian = await import("node:fs").then(({ existsSync }) => existsSync("/usr/bin/dpkg-query"));
  const kind = await packageKindOf(program({ executablePath: "/usr/bin/dpkg-query" }));
  expect(kind).toBe(isDebian ? "deb" : null);
});
