import { expect, test } from "vitest";
import type { ContainedPackage } from "./contained-packages.ts";
import { noticesOf } from "./notices.ts";

const one = (facts: Partial<ContainedPackage>): ContainedPackage => {
  return {
    name: "a-package",
    version: "1.0.0",
    licence: "ISC",
    author: "",
    text: "Its own words.",
    ...facts,
  };
};

test("each package stands there with its licence's own words", () => {
  const notices = noticesOf([one({ name: "first" }), one({ name: "second", text: "Other words." })]);
  expect(notices).toMatch(/^first 1\.0\.0 \(ISC\)\n\nIts own words\.$/m);
  expect(notices).toMatch(/^second 1\.0\.0 \(ISC\)\n\nOther words\.$/m);
});

test("one that names the MIT License and brings no text is under its usual words, by its author", () => {
  const notices = noticesOf([one({ licence: "MIT", text: "", author: "A Writer" })]);
  expect(notices).toContain("Copyright (c) A Writer\n\nPermission is hereby granted, free of charge");
});

test("one that names the Apache License and brings no text is under the one that lies beside the notices", () => {
  const notices = noticesOf([one({ licence: "Apache-2.0", text: "" })]);
  expect(notices).toContain("Copyright (c) the authors of a-package\n\nLicensed under the Apache License");
  expect(notices).toContain("LICENSE.txt");
});

test("what nobody may use stops the build, with its name", () => {
  expect(() => noticesOf([one({ licence: "", text: "" })])).toThrow(
    "Nothing says under which licence these are: a-package.",
  );
  expect(() => noticesOf([one({ licence: "BSD-3-Clause", text: "" })])).toThrow("a-package");
});
