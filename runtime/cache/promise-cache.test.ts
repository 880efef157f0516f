import { expect, test } from "vitest";
import { PromiseCache } from "./promise-cache.ts";

/** Makes `value` and counts. */
function maker() {
  const made: string[] = [];
  const make = (value: string) => () => {
    made.push(value);
    return Promise.resolve(value);
  };
  return { made, make };
}

test("who asks for the same gets the same, also while it is being made", async () => {
  const cache = new PromiseCache<string>({ mostEntries: 4 });
  const { made, make } = maker();
  const [one, other] = [cache.get("a", make("first")), cache.get("a", make("second"))];
  expect(await one).toBe("first");
  expect(await other).toBe("first");
  expect(await cache.get("a", make("third"))).toBe("first");
  expect(made).toEqual(["first"]);
});

test("what failed is tried again", async () => {
  const cache = new PromiseCache<string>({ mostEntries: 4 });
  const { make } = maker();
  await expect(cache.get("a", () => Promise.reject(new Error("not now")))).rejects.toThrow("not now");
  expect(await cache.get("a", make("now"))).toBe("now");
});

test("of too many the one asked for longest ago goes", async () => {
  const cache = new PromiseCache<string>({ mostEntries: 2 });
  const { made, make } = maker();
  await cache.get("a", make("a"));
  await cache.get("b", make("b"));
  await cache.get("a", make("a"));
  await cache.get("c", make("c"));
  await cache.get("a", make("a"));
  expect(made).toEqual(["a", "b", "c"]);
  await cache.get("b", make("b"));
  expect(made).toEqual(["a", "b", "c", "b"]);
});

test("of too much the oldest goes, the newest stays however much it weighs", async () => {
  const cache = new PromiseCache<string>({
    mostEntries: 9,
    mostWeight: 5,
    weightOf: (value) => value.length,
  });
  const { made, make } = maker();
  for (const value of ["aa", "bb", "c"]) await cache.get(value, make(value));
  await cache.get("dd", make("dd"));
  await cache.get("bb", make("bb"));
  expect(made).toEqual(["aa", "bb", "c", "dd"]);
  await cache.get("eeeeeeeee", make("eeeeeeeee"));
  await cache.get("eeeeeeeee", make("eeeeeeeee"));
  expect(made).toEqual(["aa", "bb", "c", "dd", "eeeeeeeee"]);
  expect(cache.find("bb")).toBeUndefined();
});

test("a value that is not right any more is made anew", async () => {
  const cache = new PromiseCache<string>({ mostEntries: 4 });
  const { make } = maker();
  const value = await cache.get("a", make("before"));
  await cache.get("b", make("other"));
  cache.drop(value);
  expect(await cache.get("a", make("after"))).toBe("after");
  expect(await cache.get("b", make("after"))).toBe("other");
});

test("what fails late takes nothing away that was begun since", async () => {
  const cache = new PromiseCache<string>({ mostEntries: 1 });
  const { make } = maker();
  const slow = Promise.withResolvers<string>();
  const failing = cache.get("a", () => slow.promise);
  await cache.get("b", make("b"));
  await cache.get("a", make("again"));
  slow.reject(new Error("too late"));
  await expect(failing).rejects.toThrow("too late");
  expect(await cache.find("a")).toBe("again");
});

test("what is forgotten by its key is made anew, also where it is still being made", async () => {
  const cache = new PromiseCache<string>({ mostEntries: 4 });
  const { made, make } = maker();
  const first = cache.get("a", make("first"));
  cache.forget("a");
  expect(await cache.get("a", make("second"))).toBe("second");
  expect(await first).toBe("first");
  expect(await cache.get("a", make("third"))).toBe("second");
  expect(made).toEqual(["first", "second"]);
});
