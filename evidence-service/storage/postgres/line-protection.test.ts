import { expect, test } from "vitest";
import { protectionOf } from "./line-protection.ts";

const of = (url: string, authority?: string) => protectionOf({ url, schema: "a", authority });

test("a line to another machine is protected by an authority that certifies the server, and by nothing less", () => {
  expect(of("postgresql://app:a@db.example/evidence")).toBe("open");
  expect(of("postgresql://app:a@db.example/evidence", "PEM")).toBe("verified");
  // What the address says counts more.
  expect(of("postgresql://app:a@db.example/evidence?sslmode=disable", "PEM")).toBe("open");
  expect(of("postgresql://app:a@db.example/evidence?sslmode=no-verify")).toBe("unverified");
  expect(of("postgresql://app:a@192.0.2.1/evidence?ssl=true")).toBe("verified");
});

test("a line that leaves no machine needs no protection", () => {
  for (const host of ["localhost", "127.0.0.1:5433", "[::1]", "%2Fvar%2Frun%2Fpostgresql"]) {
    expect(of(`postgresql://app@${host}/evidence`)).toBe("local");
  }
});
