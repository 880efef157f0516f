/** What ffmpeg says when it was not told enough of the picture to begin without looking at it. */
const NOT_DECLARED = /dimensions not set|Could not write header|unspecified size/;

/** What our own reader says of a frame that ffmpeg gave no decode time. */
const UNTIMED = /'tfdt'/;

/** How ffmpeg must be asked to record a camera, which its first failures tell. */
export class LearnedOptions {
  /** What the camera declares did not do for ffmpeg. */
  isProbed = false;
  /** The picture has B-frames, of which the first has no time that could be compared. */
  hasUntimedFrames = false;

  /** @param reason why the recorder ended. @returns whether the next one goes about it otherwise: nothing is wrong yet */
  learn(reason: string): boolean {
    const [isProbed, hasUntimedFrames] = [NOT_DECLARED.test(reason), UNTIMED.test(reason)];
    const isNew = (isProbed && !this.isProbed) || (hasUntimedFrames && !this.hasUntimedFrames);
    this.isProbed ||= isProbed;
    this.hasUntimedFrames ||= hasUntimedFrames;
    return isNew;
  }
}
