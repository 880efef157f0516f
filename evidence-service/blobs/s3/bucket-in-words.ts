import type { S3Settings } from "./s3-settings.ts";

/** @returns where the bucket is, in words */
export function bucketInWords({ endpoint, region, bucket }: S3Settings): string {
  return `the bucket “${bucket}” at ${endpoint === undefined ? `Amazon S3 (${region})` : new URL(endpoint).host}`;
}

/** As a sentence begins. */
export function capitalised(settings: S3Settings): string {
  const words = bucketInWords(settings);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
