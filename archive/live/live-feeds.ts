import type { FrameSink } from "../recorder/frames/frame-sink.ts";
import { CameraFeed } from "./camera-feed.ts";

interface Followed {
  readonly feed: CameraFeed;
  readonly followers: Set<() => void>;
  isFed: boolean;
}

/** What cameras send at the moment, for whoever watches. */
export class LiveFeeds {
  readonly #cameras = new Map<string, Followed>();

  /** Where a camera's recorder puts its frames. */
  sink(cameraId: string): FrameSink {
    return {
      begin: (picture, first) => {
        const camera = this.#camera(cameraId);
        camera.isFed = true;
        camera.feed.begin(picture, first);
      },
      frame: (frame) => this.#cameras.get(cameraId)?.feed.frame(frame),
      end: () => {
        const camera = this.#cameras.get(cameraId);
        if (camera === undefined) return;
        camera.isFed = false;
        camera.feed.end();
        this.#forget(cameraId, camera);
      },
    };
  }

  /**
   * Follows a camera, which may not send yet, or not exist yet.
   * @param onNews there is something to read
   */
  follow(cameraId: string, onNews: () => void): { readonly feed: CameraFeed; readonly end: () => void } {
    const camera = this.#camera(cameraId);
    camera.followers.add(onNews);
    const end = (): void => {
      camera.followers.delete(onNews);
      this.#forget(cameraId, camera);
    };
    return { feed: camera.feed, end };
  }

  /** Kept in memory of all cameras. */
  get keptBytes(): number {
    return [...this.#cameras.values()].reduce((sum, { feed }) => sum + feed.keptBytes, 0);
  }

  #camera(cameraId: string): Followed {
    const known = this.#cameras.get(cameraId);
    if (known !== undefined) return known;
    const followers = new Set<() => void>();
    const feed = new CameraFeed(() => {
      for (const tell of followers) tell();
    });
    const camera = { feed, followers, isFed: false };
    this.#cameras.set(cameraId, camera);
    return camera;
  }

  #forget(cameraId: string, camera: Followed): void {
    if (!camera.isFed && camera.followers.size === 0) this.#cameras.delete(cameraId);
  }
}
