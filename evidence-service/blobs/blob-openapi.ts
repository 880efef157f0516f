/** What the blob endpoint answers, for the OpenAPI document: Azure's operations on a block blob, as far as they are here. */
import { BLOB_ACCOUNT } from "./sas.ts";

type Json = Record<string, unknown>;

const text = { type: "string" };

/** Of a signed address, all of which the service gives out together. */
const SIGNED = ["sv", "sr", "sp", "se", "sig"].map((name) => ({
  ...{ name, in: "query", required: true, schema: text, description: "Of the signed address." },
}));

const PLACE = ["container", "blobName"].map((name) => ({ name, in: "path", required: true, schema: text }));

const REFUSAL = {
  description: "A refusal as Azure words it: a code and a sentence.",
  content: { "application/xml": { schema: text } },
};

const query = (name: string, values?: readonly string[]): Json => ({
  ...{
    name,
    in: "query",
    required: false,
    schema: values === undefined ? text : { type: "string", enum: values },
  },
});

interface Operation {
  readonly summary: string;
  /** Parameters beside those of every operation. */
  readonly more?: readonly Json[];
  readonly answers?: Json;
  readonly body?: Json;
  /** No refusal of HEAD has a body. */
  readonly refusal?: Json;
}

function operation({ summary, more = [], answers = {}, body, refusal = REFUSAL }: Operation): Json {
  return {
    summary,
    parameters: [...PLACE, ...SIGNED, ...more],
    ...(body === undefined ? {} : { requestBody: body }),
    responses: { ...answers, default: refusal },
    security: [],
  };
}

const BYTES = { "application/octet-stream": { schema: text } };

/** The path and its operations. */
export function blobPaths(): Json {
  const type = {
    name: "x-ms-blob-type",
    in: "header",
    required: false,
    schema: { type: "string", enum: ["BlockBlob"] },
  };
  return {
    [`/${BLOB_ACCOUNT}/{container}/{blobName}`]: {
      put: operation({
        summary:
          "Stages a block (comp=block), commits a list of blocks (comp=blocklist), or writes a whole blob.",
        more: [query("comp", ["block", "blocklist", "metadata", "properties"]), query("blockid"), type],
        answers: { 200: { description: "Changed." }, 201: { description: "Written." } },
        body: { content: { ...BYTES, "application/xml": { schema: text } } },
      }),
      get: operation({
        summary: "Reads a blob, or which blocks of it have arrived (comp=blocklist).",
        more: [
          query("comp", ["blocklist", "metadata"]),
          query("blocklisttype", ["committed", "uncommitted", "all"]),
        ],
        answers: {
          200: { description: "The bytes, or the list.", content: { "*/*": {} } },
          206: { description: "A range.", content: { "*/*": {} } },
        },
      }),
      head: operation({
        summary: "What is known of a blob.",
        more: [query("comp", ["metadata"])],
        answers: { 200: { description: "In headers." } },
        refusal: { description: "Refused." },
      }),
      delete: operation({ summary: "Is refused: what was received stays." }),
    },
  };
}
