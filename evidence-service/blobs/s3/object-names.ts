/**
 * How blocks in objects are called in the metadata: an object of their own, a part of an object that is not put
 * together yet, or a place within an object.
 */
import { randomBytes } from "node:crypto";
import { BlobDamaged } from "../../storage/blob-store.ts";

/** Where a block begins. */
export interface BlockLocation {
  /** Of an object, or of the upload that becomes one. */
  readonly object: string;
  /** null once the object is there. */
  readonly partNumber: number | null;
  /** Within the part, or the object. */
  readonly offsetBytes: number;
}

const NAME = /^([0-9a-f]{24})(?:#(\d{1,5})\+(\d{1,13})|@(\d{1,13}))?$/;

export const newObjectName = (): string => randomBytes(12).toString("hex");

export const nameInPart = (object: string, partNumber: number, offsetBytes: number): string =>
  `${object}#${partNumber}+${offsetBytes}`;

export const nameInObject = (object: string, offsetBytes: number): string => `${object}@${offsetBytes}`;

/** @throws BlobDamaged for what no object is called */
export function locationOf(fileName: string): BlockLocation {
  const [, object, partNumber, inPart, inObject] = NAME.exec(fileName) ?? [];
  if (object === undefined) throw new BlobDamaged("A part of a blob is said to lie where no part does.");
  return {
    object,
    partNumber: partNumber === undefined ? null : Number(partNumber),
    offsetBytes: Number(inPart ?? inObject ?? 0),
  };
}

/** Whether a block is an object of its own. */
export const isOwnObject = (fileName: string): boolean => /^[0-9a-f]{24}$/.test(fileName);

export const keyOf = (blobName: string, object: string): string => `${blobName}/${object}`;

export const objectsOf = (fileNames: Iterable<string>): Set<string> =>
  new Set(Array.from(fileNames, (fileName) => locationOf(fileName).object));
