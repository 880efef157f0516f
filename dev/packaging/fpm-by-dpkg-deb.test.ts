import { execFile } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hasProgram } from "#dev/launch/system-packages.mjs";

const run = promisify(execFile);
const FPM = fileURLToPath(new URL("./fpm-by-dpkg-deb.ts", import.meta.url));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "fpm-by-dpkg-deb-test-"));
  const program = join(folder, "program");
  await mkdir(join(program, "resources"), { recursive: true });
  await writeFile(join(program, "a-program"), "runs");
  await chmod(join(program, "a-program"), 0o755);
  await symlink("a-program", join(program, "also"));
  await writeFile(join(folder, "entry.desktop"), "[Desktop Entry]\n");
  await writeFile(join(folder, "after-install"), "#!/bin/sh\ntrue\n");
  await writeFile(join(folder, "after-remove"), "#!/bin/sh\ntrue\n");
});
afterEach(async () => await rm(folder, { recursive: true }));

/** As electron-builder 26 calls fpm. */
const words = () => [
  ...["-s", "dir", "--force", "-t", "deb", "-d", "ffmpeg", "-d", "libnss3", "--deb-recommends", "a-tray"],
  ...["--deb-compression", "gz", "--architecture", "amd64"],
  ...["--after-install", join(folder, "after-install"), "--after-remove", join(folder, "after-remove")],
  ...["--description", "In short\n At length,\n  in lines", "--version", "1.2.3"],
  ...["--package", join(folder, "a.deb"), "--name", "a-program", "--maintainer", "Somebody"],
  ...["--vendor", "Somebody", "--url", "https://somebody.example", "--deb-priority", "optional"],
  ...["--license", "Apache-2.0", `${join(folder, "program")}/=/opt/A Program`],
  `${join(folder, "entry.desktop")}=/usr/share/applications/a-program.desktop`,
];

test.skipIf(!hasProgram("dpkg-deb"))(
  "electron-builder's words for fpm become a deb that Debian's own tool reads",
  async () => {
    await run(process.execPath, [FPM, ...words()]);
    const deb = join(folder, "a.deb");
    const { stdout: control } = await run("dpkg-deb", ["--field", deb]);
    expect(control.split("\n")).toEqual(
      expect.arrayContaining([
        ...["Package: a-program", "Version: 1.2.3", "Architecture: amd64", "Depends: ffmpeg, libnss3"],
        ...["Recommends: a-tray", "Priority: optional", "Description: In short", " At length,", " in lines"],
      ]),
    );
    const { stdout: listed } = await run("dpkg-deb", ["--contents", deb]);
    expect(listed).toMatch(/^-rwxr-xr-x root\/root .* \.\/opt\/A Program\/a-program$/m);
    expect(listed).toMatch(/ \.\/opt\/A Program\/also -> a-program$/m);
    expect(listed).toMatch(/ \.\/usr\/share\/applications\/a-program\.desktop$/m);
    await run("dpkg-deb", ["--control", deb, join(folder, "control")]);
    const { stdout: checked } = await run("md5sum", ["--check", join(folder, "control", "md5sums")], {
      cwd: await extracted(deb),
    });
    expect(checked).toContain("opt/A Program/a-program: OK");
  },
);

async function extracted(deb: string): Promise<string> {
  await run("dpkg-deb", ["--extract", deb, join(folder, "extracted")]);
  return join(folder, "extracted");
}

test("a word that it does not know ends it, with the word", async () => {
  await expect(run(process.execPath, [FPM, ...words(), "--rpm-os", "linux"])).rejects.toMatchObject({
    stderr: expect.stringContaining("Unknown option '--rpm-os'"),
  });
});
