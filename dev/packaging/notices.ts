import type { ContainedPackage } from "./contained-packages.ts";

const LINE = "=".repeat(78);

/** What stands before the packages: what no package of ours says. */
const PREAMBLE = `Evidence Desk is licensed under the Apache License 2.0. It contains the work of
others, whose licences follow. Those of Electron and Chromium, in which the
console runs, lie beside the program as LICENSE.electron.txt and
LICENSES.chromium.html. SQLite, which better-sqlite3 contains, is in the public
domain. ffmpeg, which records and converts, is not contained: it is the system's
own.`;

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.`;

/**
 * The licences of everything that is shipped beside Electron, as one text.
 * @throws Error with the names of packages whose licence nobody can read: those may not be shipped
 */
export function noticesOf(packages: readonly ContainedPackage[]): string {
  const unknown = packages.filter((one) => termsOf(one) === "").map(({ name }) => name);
  if (unknown.length > 0)
    throw new Error(`Nothing says under which licence these are: ${unknown.join(", ")}.`);
  const parts = packages.map((one) => {
    const { name, version, licence } = one;
    return `${name} ${version}${licence === "" ? "" : ` (${licence})`}\n\n${termsOf(one)}`;
  });
  return `${[PREAMBLE, ...parts].join(`\n\n${LINE}\n`)}\n`;
}

/** The licence of the program itself, which lies beside it. */
const APACHE = `Licensed under the Apache License, Version 2.0, whose text is in LICENSE.txt
beside this file.`;

/** A package that only names the MIT or the Apache License is under its usual words. */
function termsOf({ name, licence, author, text }: ContainedPackage): string {
  if (text !== "") return text;
  const usual = { MIT, "Apache-2.0": APACHE }[licence];
  return usual === undefined ? "" : `Copyright (c) ${author || `the authors of ${name}`}\n\n${usual}`;
}
