import { expect, test } from "vitest";
import { judgeFileRequest, judgeRange } from "./file-answer.ts";

const FILE = { etag: '"abc"', lengthBytes: 100 };
const whole = { startByte: 0, endByte: 100 };

const judge = (headers: Record<string, string>, method = "GET") =>
  judgeFileRequest({ method, headers }, FILE);

test("who names nothing gets the whole", () => {
  const headers = { "content-length": 100 };
  expect(judge({})).toEqual({ kind: "bytes", status: 200, bytes: whole, range: null, headers });
});

test("a range is answered with its place and length", () => {
  const bytes = { startByte: 10, endByte: 20 };
  const headers = { "content-length": 10, "content-range": "bytes 10-19/100" };
  expect(judge({ range: "bytes=10-19" })).toEqual({
    kind: "bytes",
    status: 206,
    bytes,
    range: bytes,
    headers,
  });
});

test("a range of all bytes is still a range", () => {
  expect(judge({ range: "bytes=0-" })).toMatchObject({ status: 206, range: whole, bytes: whole });
});

test("a range behind the end is refused with the length", () => {
  const answer = { kind: "unsatisfiable", headers: { "content-range": "bytes */100" } };
  expect(judge({ range: "bytes=100-" })).toEqual(answer);
});

test("a range counts for GET alone, and under its own tag alone", () => {
  expect(judge({ range: "bytes=10-19" }, "HEAD")).toMatchObject({ status: 200, bytes: whole });
  expect(judge({ range: "bytes=100-" }, "HEAD")).toMatchObject({ status: 200 });
  expect(judge({ range: "bytes=10-19", "if-range": '"abc"' })).toMatchObject({ status: 206 });
  expect(judge({ range: "bytes=10-19", "if-range": '"x"' })).toMatchObject({ status: 200 });
});

test("conditions count before ranges, for HEAD too", () => {
  for (const method of ["GET", "HEAD"]) {
    expect(judge({ "if-none-match": '"abc"', range: "bytes=100-" }, method)).toEqual({ kind: "unchanged" });
    expect(judge({ "if-match": '"x"', range: "bytes=100-" }, method)).toEqual({ kind: "differs" });
  }
});

test("the range alone heeds no condition but its own", () => {
  expect(judgeRange({ "if-none-match": '"abc"', range: "bytes=-1" }, FILE)).toMatchObject({ status: 206 });
});
