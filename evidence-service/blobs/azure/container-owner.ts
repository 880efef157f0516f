import type { ContainerClient } from "@azure/storage-blob";
import { unlessRefused } from "./azure-failures.ts";

/** The blob that says whose a container is: an `OwnerPlace`. @param blobName of it */
export function containerOwner(container: ContainerClient, blobName: string) {
  const blob = container.getBlockBlobClient(blobName);
  const upload = (text: string, conditions: { ifNoneMatch?: string } = {}) =>
    blob.upload(text, Buffer.byteLength(text), { conditions });
  return {
    words: `The container “${container.containerName}” of “${container.accountName}”`,
    read: async () => {
      const found = await unlessRefused(blob.downloadToBuffer(), "BlobNotFound", "ContainerNotFound");
      return found?.toString("utf8") ?? null;
    },
    add: async (text: string) =>
      (await unlessRefused(upload(text, { ifNoneMatch: "*" }), "BlobAlreadyExists")) !== null,
    replace: async (text: string) => {
      await unlessRefused(upload(text));
    },
    remove: async () => {
      await unlessRefused(blob.deleteIfExists());
    },
    holds: async (name: string) =>
      (await unlessRefused(container.getBlobClient(name).getProperties(), "BlobNotFound")) !== null,
  };
}
