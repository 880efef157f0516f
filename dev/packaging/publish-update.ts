/**
 * What an administrator publishes updates with (docs/guides/administrators.md):
 * `npm run package -- new-key FOLDER` makes the publisher's pair of keys;
 * `npm run package -- publish PLACE --key PRIVATE_KEY --version VERSION [--notes FILE] PACKAGE…` copies packages to the place,
 * describes and signs them. The description comes last: whoever looks meanwhile finds what was there before.
 */
import { generateKeyPairSync } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { publisherKeyOf } from "#electron/adapters/update/publisher-key.ts";
import { publishUpdate } from "./signed-update.ts";

const [command, ...words] = process.argv.slice(2);
if (command === "new-key") await makeKey(words[0]);
else if (command === "publish") await publish(words);
else throw new Error("Say new-key FOLDER, or publish PLACE --key FILE --version VERSION PACKAGE…");

async function makeKey(folder: string | undefined): Promise<void> {
  if (folder === undefined) throw new Error("Say in which folder: new-key FOLDER");
  const privatePath = join(folder, "update-publisher.key.pem");
  const publicPath = join(folder, "update-publisher.pem");
  if (existsSync(privatePath)) throw new Error(`${privatePath} is there already; it is not written over.`);
  const { privateKey, publicKey } = generateKeyPairSync("ed25519", {
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  await mkdir(folder, { recursive: true });
  await writeFile(privatePath, privateKey, { mode: 0o600, flag: "wx" });
  await writeFile(publicPath, publicKey);
  console.log(`Key id ${publisherKeyOf(publicKey).keyId}`);
  console.log(
    `Keep ${privatePath} to yourself. ${publicPath} goes into the console as assets/update-publisher.pem.`,
  );
}

async function publish(given: string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: given,
    allowPositionals: true,
    options: { key: { type: "string" }, version: { type: "string" }, notes: { type: "string" } },
  });
  const [place, ...packages] = positionals;
  if (
    place === undefined ||
    values.key === undefined ||
    values.version === undefined ||
    packages.length === 0
  )
    throw new Error("Say publish PLACE --key FILE --version VERSION PACKAGE…");
  const description = await publishUpdate({
    place,
    privateKeyPem: await readFile(values.key, "utf8"),
    version: values.version,
    notes: values.notes === undefined ? "" : await readFile(values.notes, "utf8"),
    packages,
    releasedUtcMs: Date.now(),
  });
  for (const { file, kind, architecture } of description.packages)
    console.log(`${file}: ${kind}, ${architecture}`);
  console.log(`Version ${description.version} is published in ${place}.`);
}
