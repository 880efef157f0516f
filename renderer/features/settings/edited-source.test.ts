import { describe, expect, it } from "vitest";
import { logOnOf, newSource } from "./edited-source.ts";

const KNOWN = {
  ...{ address: "rtsp://camera.example/1", user: "viewer", password: "" },
  transport: "tcp",
  ratio: null,
} as const;

describe("the source of a camera that is edited", () => {
  it("stays untouched where nothing of it was changed, so that recording goes on", () => {
    expect(newSource(KNOWN, { ...KNOWN, address: " rtsp://camera.example/1 " })).toBeNull();
    expect(newSource(null, KNOWN)).toBeNull();
  });

  it("keeps the password that nobody is shown, unless another is typed", () => {
    expect(newSource(KNOWN, { ...KNOWN, transport: "udp" })).toEqual({
      ...KNOWN,
      transport: "udp",
      password: null,
    });
    expect(newSource(KNOWN, { ...KNOWN, password: "new" })).toEqual({ ...KNOWN, password: "new" });
  });

  it("loses the password with the user, who takes it away", () => {
    expect(newSource(KNOWN, { ...KNOWN, user: "" })).toEqual({ ...KNOWN, user: "", password: "" });
    const withoutUser = { ...KNOWN, user: "" };
    const moved = { ...withoutUser, address: "rtsp://camera.example/2" };
    expect(newSource(withoutUser, moved)).toEqual({ ...moved, password: null });
  });

  it("is none of a camera without an address, and while it is not known", () => {
    expect(logOnOf({ kind: "loop" })).toBeNull();
    expect(logOnOf(undefined)).toBeNull();
  });
});
