import { z } from "zod";

/** Azure client-side encryption, in the blob metadata `encryptiondata`; 1.0 is AES-CBC, 2.0 AES-GCM in regions. */
export const ENCRYPTION_PROTOCOLS = ["2.0", "1.0"] as const;
export type EncryptionProtocol = (typeof ENCRYPTION_PROTOCOLS)[number];

/** GET {KeyStore}/tenant/{t}/publickey (path ours). Without EncryptionProtocols: 1.0. */
export const publicKeyAnswerSchema = z.looseObject({
  kty: z.literal("RSA"),
  kid: z.string().min(1),
  n: z.string().min(1),
  e: z.string().min(1),
  EncryptionProtocols: z.array(z.string()).optional(),
});
export type PublicKeyAnswer = z.infer<typeof publicKeyAnswerSchema>;

const wrappedContentKeySchema = z.object({
  Algorithm: z.literal("RSA-OAEP"),
  EncryptedKey: z.base64(),
  KeyId: z.string().min(1),
});

/** A region is held in memory while it is checked; the format's own length is 4 MiB. */
export const REGION_MAX_BYTES = 64 << 20;

const cbcDataSchema = z.object({
  EncryptionMode: z.literal("FullBlob"),
  ContentEncryptionIV: z.base64(),
  EncryptionAgent: z.object({ EncryptionAlgorithm: z.literal("AES_CBC_256"), Protocol: z.literal("1.0") }),
  WrappedContentKey: wrappedContentKeySchema,
});

/** Azure's libraries write `FullBlob` in both protocols; that there are regions, the agent says. */
const regionDataSchema = z.object({
  EncryptionMode: z.enum(["FullBlobRegions", "FullBlob"]),
  EncryptedRegionInfo: z.object({
    DataLength: z.number().int().positive().max(REGION_MAX_BYTES),
    NonceLength: z.literal(12),
  }),
  EncryptionAgent: z.object({ EncryptionAlgorithm: z.literal("AES_GCM_256"), Protocol: z.literal("2.0") }),
  WrappedContentKey: wrappedContentKeySchema,
});

/** The protocol that the agent names decides, never the mode. */
export const encryptionDataSchema = z.union([cbcDataSchema, regionDataSchema]);
export type EncryptionData = z.infer<typeof encryptionDataSchema>;
export type CbcEncryptionData = z.infer<typeof cbcDataSchema>;
export type RegionEncryptionData = z.infer<typeof regionDataSchema>;

export function isInRegions(encryption: EncryptionData): encryption is RegionEncryptionData {
  return encryption.EncryptionAgent.Protocol === "2.0";
}
