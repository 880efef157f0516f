import { findInPath, locateFfmpeg } from "../recorder/ffmpeg-location.ts";

/**
 * The ffmpeg that makes clips, sends them and looks at what was recorded: the system's. Which one records is another
 * matter, and builds of it differ in what else they can do: some have no encoder, some crash when they read a file.
 */
export const testFfmpeg = (): string => findInPath("ffmpeg") ?? locateFfmpeg() ?? "ffmpeg";
