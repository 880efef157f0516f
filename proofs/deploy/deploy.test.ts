/** The files of `deploy/` and the guide to many machines, put to work: role, settings, services, nginx, unit and image. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { promisify } from "node:util";
import { BlockBlobClient } from "@azure/storage-blob";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ensureBuilt } from "#dev/launch/build.mjs";
import { rootFolder } from "#dev/launch/run-program.mjs";
import { encryptGcm } from "#evidence-service/testing/encrypt.ts";
import { PostgresCluster } from "#evidence-service/testing/postgres-cluster.ts";
import { giveRole, TestSite } from "#evidence-service/testing/test-site.ts";
import { freePort } from "#runtime/process/free-port.ts";
import { readyLineOf } from "#runtime/process/ready-line.ts";
import { ObjectStore } from "../conformance/object-store.ts";
import { ServiceProcess } from "../crash-matrix/service-process.ts";
import { guideLines, runLines } from "../guides/guide-lines.ts";
import { hasOpenssl, TestAuthority } from "../private-authority/authority.ts";
import { copySettings } from "../several-services/several-services.ts";
import { deployFile, stagesOf } from "./files/deploy-files.ts";
import { hasNginx, startNginx } from "./files/nginx.ts";

const run = promisify(execFile);
const cluster = await PostgresCluster.start();
const objectStore = await ObjectStore.forTests();
const why = [
  ...(cluster === null ? ["PostgreSQL is not installed"] : []),
  ...("missing" in objectStore ? [objectStore.missing] : []),
  ...((await hasNginx()) ? [] : ["nginx is not installed"]),
  ...((await hasOpenssl()) ? [] : ["openssl is not installed"]),
].join(", ");
afterAll(async () => {
  await cluster?.stop();
  if (!("missing" in objectStore)) await objectStore.close();
});

const PASSWORD = "n3verGuessed";
const PATIENT = { timeout: 30_000 };

describe.skipIf(why !== "")(`files of an installation${why === "" ? "" : ` (skipped: ${why})`}`, () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "deploy-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Role, settings and two services, as the guide has it. */
  async function services(url: string): Promise<ServiceProcess[]> {
    if (cluster === null || "missing" in objectStore) throw new Error("It is skipped.");
    const { port, username } = new URL(cluster.url);
    const roles = join(folder, "roles.sql");
    await writeFile(roles, await deployFile("postgresql/roles.sql"));
    await run("psql", [
      ...["--set", "ON_ERROR_STOP=1", "--set", `password=${PASSWORD}`, "--file", roles],
      ...["--host", cluster.folder, "--port", port, "--username", username, "postgres"],
    ]);
    const first = join(folder, "service-1");
    await mkdir(first, { mode: 0o700 });
    const { endpoint = "", bucket, accessKeyId, secretAccessKey } = await objectStore.makeBucket("evidence");
    const settings = {
      "settings.json": await deployFile("settings/settings.json", {
        '"https://evidence.example"': `"${url}"`,
      }),
      "postgres.json": await deployFile("settings/postgres.json", {
        "of-letters-and-digits@db.example:5432": `${PASSWORD}@127.0.0.1:${port}`,
        // The guide to PostgreSQL is done with TLS.
        '"several",\n  "authorityFile": "/etc/evidence-desk/authority.pem"': '"several"',
      }),
      "s3-blobs.json": await deployFile("settings/s3-blobs.json", {
        "https://store.example": endpoint,
        '"bucket": "evidence"': `"bucket": "${bucket}", "pathStyle": true`,
        '"accessKeyId": "of the store"': `"accessKeyId": "${accessKeyId}"`,
        '"secretAccessKey": "of the store"': `"secretAccessKey": "${secretAccessKey}"`,
      }),
    };
    for (const [name, text] of Object.entries(settings)) {
      await writeFile(join(first, name), text, { mode: 0o600 });
    }
    const setUp = await runLines(await guideLines("many-machines.md", "sh setup"), rootFolder, {
      FOLDER: first,
    });
    expect(setUp.status, setUp.output).toBe(0);
    await giveRole(first, "integration");
    const second = join(folder, "service-2");
    await copySettings(first, second);
    return [await ServiceProcess.startMade(first), await ServiceProcess.startMade(second)];
  }

  async function nginx(port: number, targets: readonly string[]) {
    const authority = await TestAuthority.make(join(folder, "authority"), "The county's");
    const { key, cert } = await authority.issue({ names: ["IP:127.0.0.1"] });
    await writeFile(join(folder, "front.pem"), cert);
    await writeFile(join(folder, "front.key"), key, { mode: 0o600 });
    const server = await deployFile("nginx/evidence-service.conf", {
      "server 127.0.0.1:8082;": targets.map((target) => `server ${target};`).join(" "),
      "listen 443 ssl;": `listen 127.0.0.1:${port} ssl;`,
      "server_name evidence.example;": "",
      "/etc/evidence-desk/certificate.pem": join(folder, "front.pem"),
      "/etc/evidence-desk/certificate.key": join(folder, "front.key"),
    });
    const running = await startNginx({ folder: join(folder, "nginx"), http: server, ports: [port] });
    tls.setDefaultCACertificates([...tls.getCACertificates("default"), authority.pem]);
    return running.stop;
  }

  test("take evidence in behind nginx with TLS, also when one of the services is away", async () => {
    const port = await freePort();
    const url = `https://127.0.0.1:${port}`;
    const [one, other] = await services(url);
    if (one === undefined || other === undefined) throw new Error("There are not two.");
    const stopNginx = await nginx(port, [one.target, other.target]);
    const site = TestSite.attach(one.dir, url, one.connectionFile);
    await expect.poll(async () => (await fetch(`${url}/healthz`)).status, PATIENT).toBe(200);
    const send = async (): Promise<void> => {
      const { EvidenceId } = await site.createEvidence();
      const { Uri, ResourceId } = await site.uploadAddress(EvidenceId, { MimeType: "text/plain" });
      expect(Uri.startsWith(url)).toBe(true);
      const file = encryptGcm(Buffer.alloc(9 << 20, "evidence"), await site.publicKey(), 1 << 20);
      await new BlockBlobClient(Uri).uploadData(file.bytes, {
        ...{ metadata: file.metadata, blockSize: 4 << 20, maxSingleShotSize: 1 },
      });
      await site.completeResource(EvidenceId, ResourceId);
      await site.completeEvidence(EvidenceId, { [ResourceId]: file.sha512 });
      await expect
        .poll(async () => (await site.readEvidence(EvidenceId)).LifecycleState, PATIENT)
        .toBe("Available");
    };
    await send();
    await other.kill();
    await send();
    await stopNginx();
    await one.kill();
  });

  test("the unit is one that systemd understands, and starts a program that is there", async () => {
    await ensureBuilt();
    const unit = await deployFile("systemd/evidence-service.service", {
      "/opt/evidence-desk": rootFolder,
      "User=evidence\nGroup=evidence\n": "",
    });
    const file = join(folder, "evidence-service.service");
    await writeFile(file, unit);
    const verified = await run("systemd-analyze", ["verify", "--man=no", file]).catch(
      (error: { code?: string | number; stderr?: string }) => error,
    );
    // Where there is no systemd its words are read at least.
    if (!("code" in verified && verified.code === "ENOENT")) {
      expect(verified.stderr ?? "").not.toContain("evidence-service.service");
    }
    const words = /^ExecStart=(.*)$/m.exec(unit)?.[1]?.split(" ") ?? [];
    await answers(words, rootFolder);
  });

  /** A service of its own folder answers, and shows the web application; then it ends when it is asked to. */
  async function answers([program = "", ...words]: readonly string[], inFolder: string): Promise<void> {
    const dir = await mkdtemp(join(folder, "started-"));
    const own = words.map((word, at) => {
      if (words[at - 1] === "--dir") return dir;
      return words[at - 1] === "--port" ? "0" : word;
    });
    const child = spawn(program, own, { cwd: inFolder, stdio: ["ignore", "pipe", "inherit"] });
    const { listening } = await readyLineOf(child, "The service");
    expect((await fetch(`${listening}/healthz`)).status).toBe(200);
    expect(await (await fetch(listening)).text()).toContain("<title>Evidence Desk");
    const ended = once(child, "exit");
    child.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  }

  test("the image holds what the service needs, and nothing that is built or fetched at its start", async () => {
    await ensureBuilt();
    const stages = stagesOf(await deployFile("oci/Containerfile"));
    const [build, image] = stages;
    if (build === undefined || image === undefined) throw new Error("There are not two stages.");
    const root = join(folder, "image");
    await mkdir(root);
    for (const { name, rest } of image) {
      if (name !== "COPY") continue;
      const words = rest.split(" ").filter((word) => !word.startsWith("--"));
      const to = words.pop() ?? "";
      for (const from of words) {
        const path = rest.startsWith("--from=build") ? from.replace("/build/", "") : from;
        const target = to === "./" ? join(root, path) : join(root, to);
        await cp(join(rootFolder, path), target, { recursive: true });
      }
    }
    await linkPackages(join(root, "node_modules"));
    expect(image.filter(({ name }) => name === "USER")).toEqual([{ name: "USER", rest: "evidence" }]);
    expect(image).toContainEqual({
      name: "RUN",
      rest: expect.stringContaining("npm ci --omit=dev") as unknown,
    });
    const entry = image.find(({ name }) => name === "ENTRYPOINT")?.rest ?? "[]";
    const [, ...words] = JSON.parse(entry) as string[];
    await answers([process.execPath, ...words], root);
  });

  /** As `npm ci --omit=dev` does: what the lock file does not mark as of developers. */
  async function linkPackages(to: string): Promise<void> {
    const lock = JSON.parse(await readFile(join(rootFolder, "package-lock.json"), "utf8")) as {
      readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly optional?: boolean }>>;
    };
    for (const [path, { dev, optional }] of Object.entries(lock.packages)) {
      const name = path.replace("node_modules/", "");
      if (path === "" || dev === true || optional === true || name.includes("node_modules/")) continue;
      if (!path.startsWith("node_modules/")) continue;
      await mkdir(join(to, name, ".."), { recursive: true });
      await symlink(join(rootFolder, path), join(to, name));
    }
  }
});
