import { existsSync } from "node:fs";
import { throwingOnLacking } from "./not-available.ts";

/** An image nobody can show here; it only knows where it came from. */
class NativeImage {
  private readonly path: string | undefined;

  constructor(path?: string) {
    this.path = path;
  }
  isEmpty(): boolean {
    return this.path === undefined || !existsSync(this.path);
  }
}

/** Stand-in for Electron's `nativeImage`. */
export const nativeImage = throwingOnLacking("nativeImage", {
  createEmpty: (): NativeImage => throwingOnLacking("NativeImage", new NativeImage()),
  createFromPath: (path: string): NativeImage => throwingOnLacking("NativeImage", new NativeImage(path)),
});

export type { NativeImage };
