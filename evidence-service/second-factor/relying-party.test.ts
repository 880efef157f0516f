import { expect, test } from "vitest";
import { relyingParty } from "./relying-party.ts";

test.each([
  ["http://127.0.0.1:8089", "localhost", ["http://localhost:8089"]],
  ["http://localhost:8089", "localhost", ["http://localhost:8089"]],
  ["https://desk.example", "desk.example", ["https://desk.example", "https://desk.example:8443"]],
  ["https://192.0.2.7", undefined, undefined],
  ["https://[2001:db8::7]", undefined, undefined],
  ["http://desk.example", undefined, undefined],
])("of %s", (url, id, origins) => {
  const otherUrls = ["https://desk.example:8443", "https://other.example"];
  const party = relyingParty({ url: () => url, otherUrls });
  expect([party?.id, party?.origins]).toEqual([id, origins]);
});
