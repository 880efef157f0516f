import { describe, expect, test } from "vitest";
import { onSpool, spoolFailure, SpoolDiskError } from "./spool-disk-error.ts";

function errorOf(code: string): Error {
  return Object.assign(new Error(`${code}: it failed, write`), { code, syscall: "write" });
}

async function failureOf(code: string) {
  const diskError = await onSpool(() => Promise.reject(errorOf(code))).catch((error: unknown) => error);
  expect(diskError).toBeInstanceOf(SpoolDiskError);
  const outcome = await spoolFailure(diskError, "/media/evidence/spool");
  if (outcome.ok) throw new Error("It is a failure.");
  return outcome.error;
}

describe("what a spool file fails with", () => {
  test.each([
    ["ENOSPC", "transient", "SPOOL_DISK_FULL"],
    ["EDQUOT", "transient", "SPOOL_DISK_QUOTA"],
    ["EFBIG", "permanent", "SPOOL_FILE_TOO_LARGE"],
    ["EROFS", "transient", "SPOOL_READ_ONLY"],
    ["EACCES", "transient", "SPOOL_ACCESS_DENIED"],
    ["EPERM", "transient", "SPOOL_ACCESS_DENIED"],
    ["ENOENT", "transient", "SPOOL_FOLDER_MISSING"],
    ["ENOTDIR", "transient", "SPOOL_NOT_A_FOLDER"],
    ["EIO", "transient", "SPOOL_DISK_FAILING"],
    ["ENOTSUP", "permanent", "SPOOL_DISK_UNSUITABLE"],
    ["EINVAL", "permanent", "SPOOL_DISK_UNSUITABLE"],
    ["ESTALE", "transient", "SPOOL_SHARE_AWAY"],
    ["ECONNRESET", "transient", "SPOOL_SHARE_AWAY"],
    ["EMFILE", "transient", "SPOOL_TOO_MANY_OPEN"],
    ["EXDEV", "transient", "SPOOL_NOT_WRITABLE"],
  ])("%s is %s %s, named in its sentence, and never the archive", async (errno, kind, code) => {
    const failure = await failureOf(errno);
    expect(failure).toMatchObject({ kind, code });
    expect(failure.message).toContain(`(${errno})`);
    expect(failure.message).not.toMatch(/archive|service/i);
  });

  test("keeps what the system said as its cause", async () => {
    const error = errorOf("EIO");
    await expect(onSpool(() => Promise.reject(error))).rejects.toMatchObject({ cause: error, errno: "EIO" });
  });
});
