/** What the files of `deploy/` say, each as far as it can be tried alone: image, users, folders, addresses of clients. */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { settings, sources } from "#dev/launch/build.mjs";
import { rootFolder } from "#dev/launch/run-program.mjs";
import { freePort } from "#runtime/process/free-port.ts";
import { guideLines, runLines } from "../guides/guide-lines.ts";
import { deployFile, type Instruction, stagesOf } from "./files/deploy-files.ts";
import { hasNginx, startNginx } from "./files/nginx.ts";

const run = promisify(execFile);
const isRoot = process.getuid?.() === 0;
const hasProgram = (name: string) =>
  run(name, ["--version"]).then(
    () => true,
    () => false,
  );
const canMakeUsers =
  isRoot && (await hasProgram("systemd-sysusers")) && (await hasProgram("systemd-tmpfiles"));
const isBehindNginx = await hasNginx();

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "installed-files-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the image", () => {
  const of = (instructions: readonly Instruction[], wanted: string) =>
    instructions.filter(({ name }) => name === wanted).map(({ rest }) => rest);

  async function stages() {
    const [build, image] = stagesOf(await deployFile("oci/Containerfile"));
    if (build === undefined || image === undefined) throw new Error("There are not two stages.");
    return { build, image };
  }

  test("has PostgreSQL's programs of the version that is asked for", async () => {
    const { image } = await stages();
    expect(of(image, "ARG")).toEqual([expect.stringMatching(/^POSTGRES=\d+$/)]);
    const installs = of(image, "RUN").find((line) => line.includes("apt-get install"));
    expect(installs).toContain('"postgresql-client-$POSTGRES"');
  });

  test("gives the service a folder of its own alone, with nothing in it that a restore would refuse", async () => {
    const { image } = await stages();
    const makes = of(image, "RUN").find((line) => line.includes("useradd")) ?? "";
    expect(makes).toContain("--no-create-home --home-dir /nonexistent");
    const [dir] = of(image, "VOLUME");
    expect(makes).toContain(`install --directory --owner evidence --group evidence --mode 0700 ${dir}`);
    expect(of(image, "ENTRYPOINT")[0]).toContain(`"--dir", "${dir}"`);
  });

  test("is built from what it needs, and from nothing else that lies in the folder", async () => {
    const { build, image } = await stages();
    const rules = (await readFile(join(rootFolder, ".dockerignore"), "utf8"))
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    expect([rules.at(0), rules.at(-1)]).toEqual(["*", "**/node_modules"]);
    const given = rules.slice(1, -1).map((line) => line.replace(/^!/, ""));
    expect(rules.slice(1, -1)).toEqual(given.map((name) => `!${name}`));
    const copied = [...of(build, "COPY"), ...of(image, "COPY").filter((rest) => !rest.startsWith("--from"))]
      .flatMap((rest) => rest.split(" ").slice(0, -1))
      .filter((path) => path !== ".");
    const needed = new Set([
      ...copied.map((path) => path.split("/")[0] ?? ""),
      ...sources,
      ...settings,
      "dev",
    ]);
    expect(given.toSorted()).toEqual([...needed].toSorted());
    const there = await readdir(rootFolder);
    expect(given.filter((name) => !there.includes(name))).toEqual([]);
  });
});

describe.skipIf(!canMakeUsers)(
  `a machine${canMakeUsers ? "" : " (skipped: no root, or no systemd-sysusers and systemd-tmpfiles)"}`,
  () => {
    test("has the service's user and folders after the guide's lines, closed to everybody else", async () => {
      const root = join(folder, "machine");
      for (const path of ["etc/sysusers.d", "etc/tmpfiles.d"])
        await mkdir(join(root, path), { recursive: true });
      const lines = await guideLines("many-machines.md", "sh machine");
      const own = lines
        .replaceAll("/etc/", `${root}/etc/`)
        .replaceAll("systemd-sysusers ", `systemd-sysusers --root=${root} `)
        .replaceAll("systemd-tmpfiles ", `systemd-tmpfiles --root=${root} `);
      const { status, output } = await runLines(`set -e\n${own}`, rootFolder);
      expect(status, output).toBe(0);
      const [, , uid, gid, , home] = (await readFile(join(root, "etc/passwd"), "utf8")).trim().split(":");
      expect(home).toBe("/nonexistent");
      const found = await stat(join(root, "var/lib/evidence-service"));
      expect([found.uid, found.gid, found.mode & 0o777]).toEqual([Number(uid), Number(gid), 0o700]);
      const certificates = await stat(join(root, "etc/evidence-desk"));
      expect([certificates.uid, certificates.gid, certificates.mode & 0o777]).toEqual([
        0,
        Number(gid),
        0o750,
      ]);
    });
  },
);

describe.skipIf(!isBehindNginx)(
  `the address of a client${isBehindNginx ? "" : " (skipped: nginx is not installed)"}`,
  () => {
    /** What a service is told, behind nginx as it stands in `deploy/`. @param beside files beside it */
    async function told(name: string, beside: string, claimed: string): Promise<string> {
      const service = createServer((request, response) => {
        response.end(String(request.headers["x-forwarded-for"]));
      });
      service.listen(0, "127.0.0.1");
      await once(service, "listening");
      const port = await freePort();
      const server = await deployFile("nginx/evidence-service.conf", {
        "127.0.0.1:8082": `127.0.0.1:${(service.address() as AddressInfo).port}`,
        "listen 443 ssl;": `listen 127.0.0.1:${port};`,
        "ssl_certificate /etc/evidence-desk/certificate.pem;": "",
        "ssl_certificate_key /etc/evidence-desk/certificate.key;": "",
      });
      const http = `${server}\n${beside}`;
      const nginx = await startNginx({ folder: join(folder, name), http, ports: [port] });
      try {
        const headers = { "x-forwarded-for": claimed };
        return await (await fetch(`http://127.0.0.1:${port}/`, { headers })).text();
      } finally {
        await nginx.stop();
        service.closeAllConnections();
        service.close();
      }
    }

    test("is nobody's word where no balancer is named", async () => {
      expect(await told("plain", "", "198.51.100.7")).toBe("127.0.0.1");
    });

    test("is the balancer's word where it is named, and not what the client told the balancer", async () => {
      const beside = await deployFile("nginx/behind-a-balancer.conf", { "192.0.2.10": "127.0.0.1" });
      expect(await told("balanced", beside, "203.0.113.9, 198.51.100.7")).toBe("198.51.100.7");
    });

    test("is not the word of one that is not named", async () => {
      const beside = await deployFile("nginx/behind-a-balancer.conf");
      expect(await told("other", beside, "198.51.100.7")).toBe("127.0.0.1");
    });
  },
);
