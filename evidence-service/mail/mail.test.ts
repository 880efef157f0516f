import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { mailServer } from "./mail-server.ts";
import { readMailSettings } from "./mail-settings.ts";
import { TestMailServer } from "../testing/mail-server.ts";

let dir: string;
let file: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "mail-settings-"));
  file = join(dir, "mail.json");
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function settingsOf(value: unknown) {
  await writeFile(file, JSON.stringify(value), { mode: 0o600 });
  return readMailSettings(file);
}

const HERE = { host: "127.0.0.1", tls: "never", from: "Evidence Desk <desk@service.example>" } as const;
const MESSAGE = { to: "mara@police.example", subject: "Grüße", text: "Zwei Zeilen,\neine mit ß." };
const unexpected = (error: unknown): void => expect(error).toBeUndefined();

test("settings are read whole or not at all", async () => {
  expect(await readMailSettings(file)).toBeNull();
  const { host, from } = HERE;
  expect(await settingsOf({ host, from })).toEqual({ host, from, port: 587, tls: "starttls" });
  for (const wrong of [
    {},
    { ...HERE, host: "mail.example" },
    { ...HERE, user: "desk" },
    { ...HERE, from: "desk" },
    { ...HERE, from: "desk@a.example\r\nBcc: other@b.example" },
    { ...HERE, pasword: "x" },
  ]) {
    await expect(settingsOf(wrong)).rejects.toMatchObject({ code: "MAIL_SETTINGS_WRONG" });
  }
});

test.skipIf(process.platform === "win32")("a file that others may read is not used", async () => {
  await settingsOf(HERE);
  await chmod(file, 0o644);
  await expect(readMailSettings(file)).rejects.toMatchObject({ code: "MAIL_SETTINGS_NOT_PRIVATE" });
});

test("a message arrives as it was written, after the password was given", async () => {
  const server = await TestMailServer.start({ user: "desk", password: "a secret of the server" });
  try {
    const auth = { user: "desk", password: "a secret of the server" };
    const mail = mailServer({ ...HERE, port: server.port, ...auth }, unexpected);
    expect(await mail.send(MESSAGE)).toBe(true);
    const [arrived] = server.arrived;
    expect(arrived).toMatchObject({ from: "desk@service.example", to: [MESSAGE.to] });
    expect(arrived?.text).toContain("eine mit ß.");
    const reported: unknown[] = [];
    const wrong = mailServer({ ...HERE, port: server.port, user: "desk", password: "wrong" }, (error) =>
      reported.push(error),
    );
    expect(await wrong.send(MESSAGE)).toBe(false);
    expect(String(reported)).not.toContain("eine mit");
  } finally {
    await server.stop();
  }
});

test("what is not encrypted gets no message where the settings want TLS", async () => {
  const server = await TestMailServer.start(null);
  try {
    const reported: unknown[] = [];
    const settings = { ...HERE, tls: "starttls", port: server.port } as const;
    const mail = mailServer(settings, (error) => reported.push(error));
    expect(await mail.send(MESSAGE)).toBe(false);
    expect(server.arrived).toEqual([]);
    expect(reported).toHaveLength(1);
  } finally {
    await server.stop();
  }
});

test("a server that is not there is told, and nobody waits for it for long", async () => {
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
  const address = gone.address();
  await new Promise((resolve) => gone.close(resolve));
  const port = typeof address === "object" && address !== null ? address.port : 1;
  const mail = mailServer({ ...HERE, port }, () => undefined);
  expect(await mail.send(MESSAGE)).toBe(false);
});
