import { describe, expect, test } from "vitest";
import { chooseProxy, isLoopback, proxyOfRoute } from "./proxy-choice.ts";

const system = async () => "http://system.example:8080";
const choose = (environment: Readonly<Record<string, string | undefined>>, url: string) =>
  chooseProxy(environment, system)(url);

describe("the proxy for the service", () => {
  test("is the environment's, by the kind of address, in either case", async () => {
    const environment = { HTTPS_PROXY: "http://secure.example:1", http_proxy: "plain.example:2" };
    expect(await choose(environment, "https://evidence.example/a")).toBe("http://secure.example:1");
    expect(await choose(environment, "http://evidence.example/a")).toBe("http://plain.example:2");
    expect(await choose({ ALL_PROXY: "http://all.example:3" }, "https://evidence.example/")).toBe(
      "http://all.example:3",
    );
  });

  test("is the system's where the environment names none that can be used", async () => {
    for (const environment of [{}, { HTTPS_PROXY: "" }, { HTTPS_PROXY: "socks5://socks.example:1" }]) {
      expect(await choose(environment, "https://evidence.example/")).toBe("http://system.example:8080");
    }
  });

  test.each([
    ["*", true],
    ["evidence.example", true],
    ["other.example, .example", true],
    ["*.example", true],
    ["evidence.example:443", true],
    ["evidence.example:8443", false],
    ["dence.example", false],
    ["", false],
  ])("NO_PROXY=%s excepts the service: %s", async (noProxy, isExcepted) => {
    const environment = { HTTPS_PROXY: "http://proxy.example:1", NO_PROXY: noProxy };
    const expected = isExcepted ? null : "http://proxy.example:1";
    expect(await choose(environment, "https://evidence.example/")).toBe(expected);
  });

  test.each(["http://127.0.0.1:1/", "http://127.8.9.1/", "http://localhost/", "http://[::1]:2/"])(
    "is never used for this machine itself: %s",
    async (url) => {
      expect(await choose({ HTTP_PROXY: "http://proxy.example:1" }, url)).toBeNull();
    },
  );
});

test("a name that only begins like a loopback address is none", () => {
  expect(["127.0.0.1.example", "localhost.example", "10.0.0.1"].map(isLoopback)).toEqual([
    false,
    false,
    false,
  ]);
});

test.each([
  ["DIRECT", null],
  ["PROXY proxy.example:3128; DIRECT", "http://proxy.example:3128"],
  ["SOCKS5 socks.example:1080; HTTPS secure.example:443", "https://secure.example:443"],
  ["SOCKS socks.example:1080", null],
])("a route %s is read as %s", (answer, expected) => {
  expect(proxyOfRoute(answer)).toBe(expected);
});
