/** As far as it is used; the package brings no types. */
declare module "pino-roll" {
  import type { SonicBoom } from "sonic-boom";
  interface RollingFile {
    readonly file: string;
    readonly extension: string;
    /** In megabytes. */
    readonly size: number;
    readonly limit: { readonly count: number; readonly removeOtherLogFiles: boolean };
    readonly mode: number;
    readonly sync: boolean;
  }
  export default function openRollingFile(options: RollingFile): Promise<SonicBoom>;
}
