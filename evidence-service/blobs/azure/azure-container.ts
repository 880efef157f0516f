/** The container in Azure Blob Storage that a site's `azure-blobs.json` names. */
import { BlobServiceClient, type ContainerClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { z } from "zod";
import { isPrivate } from "../../site/private-file.ts";
import { parseSettings, settingsText } from "../../site/settings-file.ts";
import { StartRefusal } from "../../site/start-refusal.ts";
import { azureCode, reasonOf } from "./azure-failures.ts";

/** Names as Azure allows them: 3 to 63 lower-case letters, digits and single hyphens. */
const CONTAINER_NAME = /^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$/;

const azureSettingsSchema = z.strictObject({
  /** As the portal shows it under _Access keys_. */
  connectionString: z.string().min(1),
  container: z.string().regex(CONTAINER_NAME),
});
export type AzureSettings = z.infer<typeof azureSettingsSchema>;

/** Few and quick: whoever asked the service tries again by itself. */
const RETRIES = { maxTries: 4, retryDelayInMs: 250, maxRetryDelayInMs: 4_000 };
const START_TIMEOUT_MS = 20_000;

/**
 * Reads the settings of a site.
 * @returns null when there is no such file: the site keeps its blobs as files
 * @throws StartRefusal AZURE_SETTINGS_NOT_PRIVATE, AZURE_SETTINGS_WRONG
 */
export async function readAzureSettings(file: string): Promise<AzureSettings | null> {
  const text = await settingsText(file);
  if (text === null) return null;
  await checkPrivate(file);
  const parsed = parseSettings(azureSettingsSchema, text);
  if ("settings" in parsed) return parsed.settings;
  throw wrong(`${file}: ${parsed.misfit}`);
}

/** The file holds the account's key. */
async function checkPrivate(file: string): Promise<void> {
  if (await isPrivate(file)) return;
  throw new StartRefusal(
    "AZURE_SETTINGS_NOT_PRIVATE",
    `${file} holds the account's key and may be read by its owner alone.`,
  );
}

function wrong(what: string): StartRefusal {
  return new StartRefusal("AZURE_SETTINGS_WRONG", `The settings of the Azure container are wrong. ${what}.`);
}

/**
 * The client of the container; nothing is sent yet.
 * @throws StartRefusal AZURE_SETTINGS_WRONG
 */
export function azureContainer({ connectionString, container }: AzureSettings): ContainerClient {
  const { service, endpoint } = serviceOf(connectionString);
  if (!(service.credential instanceof StorageSharedKeyCredential)) {
    throw wrong("The connection string needs an AccountKey: upload addresses are signed with it");
  }
  if (endpoint.protocol !== "https:" && !isLoopback(endpoint.hostname)) {
    throw wrong("Only an emulator on this machine may be reached without https");
  }
  return service.getContainerClient(container);
}

function serviceOf(connectionString: string): { service: BlobServiceClient; endpoint: URL } {
  try {
    const service = BlobServiceClient.fromConnectionString(connectionString, { retryOptions: RETRIES });
    return { service, endpoint: new URL(service.url) };
  } catch (error) {
    throw wrong(error instanceof Error ? error.message : "it cannot be read");
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.");
}

/**
 * Makes the container where it is missing, closed to everybody without the key.
 * @throws StartRefusal AZURE_REFUSED, AZURE_UNREACHABLE
 */
export async function makeContainer(container: ContainerClient): Promise<void> {
  try {
    await container.createIfNotExists({ abortSignal: AbortSignal.timeout(START_TIMEOUT_MS) });
  } catch (error) {
    const where = `The container “${container.containerName}” at ${new URL(container.url).host}`;
    if (azureCode(error)?.startsWith("Auth") === true) {
      throw new StartRefusal(
        "AZURE_REFUSED",
        `${where} refuses the account's key (${await reasonOf(error)}).`,
      );
    }
    throw new StartRefusal("AZURE_UNREACHABLE", `${where} cannot be reached (${await reasonOf(error)}).`);
  }
}
