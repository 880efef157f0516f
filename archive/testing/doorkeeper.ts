import { createHash } from "node:crypto";
import type { Doorkeeper } from "./rtsp-server.ts";

const NONCE = "8b5a0f2c";
const REALM = "test camera";

/** Lets in whoever knows user name and password, as RFC 2069 and RFC 7617 have it; written apart from what is tested. */
export function doorkeeper(kind: "basic" | "digest", user: string, password: string): Doorkeeper {
  const challenge =
    kind === "basic"
      ? `WWW-Authenticate: Basic realm="${REALM}"`
      : `WWW-Authenticate: Digest realm="${REALM}", nonce="${NONCE}"`;
  return (request) => {
    const said = /^Authorization: *(.*)$/im.exec(request)?.[1]?.trim() ?? "";
    const isIn = kind === "basic" ? said === basic(user, password) : isDigest(said, request, user, password);
    return isIn ? null : [challenge];
  };
}

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

function isDigest(said: string, request: string, user: string, password: string): boolean {
  const [method = "", uri = ""] = request.split(" ");
  const expected = md5(`${md5(`${user}:${REALM}:${password}`)}:${NONCE}:${md5(`${method}:${uri}`)}`);
  return (
    said.startsWith("Digest ") && said.includes(`uri="${uri}"`) && said.includes(`response="${expected}"`)
  );
}

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
