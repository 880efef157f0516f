/** Cameras whose pictures carry their number: what is on a screen says by itself when it was sent. */
import { makeAnnexBClip, isPictureUnit } from "#archive/testing/odd-camera/annex-b-clip.ts";
import { startOddCamera } from "#archive/testing/odd-camera/odd-camera.ts";
import { frameStripFilters } from "#dev/demo-site/footage/frame-strip.ts";

export interface NumberedWish {
  readonly count: number;
  /** Frames a second, and from one key frame to the next. */
  readonly rate: number;
  readonly group: number;
  readonly codec?: "h264" | "h265";
  /** Between others; a group is one frame more than a multiple of one more than these. */
  readonly bFrames?: number;
}

export interface NumberedCamera {
  readonly url: string;
  /**
   * How long ago the picture of a number was sent when it was seen, milliseconds; null for one that was not.
   * @param seenUtcMs by this computer's clock
   */
  delayMs(seen: { readonly number: number; readonly seenUtcMs: number }): number | null;
  close(): Promise<void>;
}

/** Numbers begin anew after this. */
const CLIP_S = 60;

/** Starts RTSP cameras of 640×360, all with the same pictures, each of its own beginning. */
export async function startNumberedCameras(wish: NumberedWish): Promise<NumberedCamera[]> {
  const { count, rate, group, codec = "h264", bFrames = 0 } = wish;
  const filters = frameStripFilters();
  const clip = await makeAnnexBClip({
    ...{ codec, rate, group, bFrames, filters, size: "640x360", seconds: CLIP_S, bitrate: "400k" },
  });
  const pictures = clip.pictures.map(({ units }) =>
    Buffer.concat(units.filter((unit) => isPictureUnit(codec, unit))),
  );
  const cameras = await Promise.all(
    Array.from({ length: count }, () => startOddCamera({ clip, fps: rate, bFrames })),
  );
  return cameras.map((camera) => ({
    url: camera.url,
    delayMs({ number, seenUtcMs }) {
      const wanted = pictures[number];
      const sent = camera
        .sent()
        .pictures.findLast(
          ({ bytes, sentUs }) => sentUs / 1000 <= seenUtcMs && wanted?.equals(bytes) === true,
        );
      return sent === undefined ? null : seenUtcMs - sent.sentUs / 1000;
    },
    close: () => camera.close(),
  }));
}
