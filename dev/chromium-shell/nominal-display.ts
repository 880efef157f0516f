const whole = { x: 0, y: 0, width: 1920, height: 1080 };
const size = { width: whole.width, height: whole.height };

/** A nominal display: nothing in main may depend on the real one's size. */
export const nominalDisplay = {
  id: 0,
  scaleFactor: 1,
  bounds: whole,
  workArea: whole,
  size,
  workAreaSize: size,
};
