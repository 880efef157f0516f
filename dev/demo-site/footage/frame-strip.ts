/**
 * The frame number of a demo picture as a machine-readable strip: twelve blocks, white for 1 and black
 * for 0, most significant first. The number is that of the frame within its minute, from 0.
 */
export const FRAME_STRIP = {
  /** Left edge of the first block, pixels. Multiples of 16, so that blocks lie on the encoder's own grid. */
  x: 16,
  /** Upper edge, pixels. */
  y: 336,
  blockSize: 16,
  bits: 12,
} as const;

/**
 * Filters for ffmpeg that draw the strip; `n` is the number of the frame in the input.
 * @param firstNumber of the first frame
 */
export function frameStripFilters(firstNumber = 0): string[] {
  const { x, y, blockSize, bits } = FRAME_STRIP;
  const ground = `drawbox=x=${x}:y=${y}:w=${bits * blockSize}:h=${blockSize}:color=black:t=fill`;
  const blocks = Array.from({ length: bits }, (_unused, position) => {
    const weight = 2 ** (bits - 1 - position);
    const left = x + position * blockSize;
    return `drawbox=x=${left}:y=${y}:w=${blockSize}:h=${blockSize}:color=white:t=fill:enable='mod(floor((n+${firstNumber})/${weight}),2)'`;
  });
  return [ground, ...blocks];
}

/**
 * Reads the strip of a decoded picture.
 * @param gray one byte a pixel, rows from the top, `width` × `height`
 * @throws RangeError when the picture is too small or a block is neither black nor white
 */
export function readFrameNumber(gray: Buffer, width: number, height: number): number {
  const { x, y, blockSize, bits } = FRAME_STRIP;
  if (width < x + bits * blockSize || height < y + blockSize || gray.length < width * height) {
    throw new RangeError(`A picture of ${width}×${height} holds no frame strip.`);
  }
  let number = 0;
  for (let position = 0; position < bits; position++) {
    number = number * 2 + readBlock(gray, width, x + position * blockSize, y);
  }
  return number;
}

/** Looks at the middle of a block, where the encoder's errors at the edges do not reach. */
function readBlock(gray: Buffer, width: number, left: number, top: number): 0 | 1 {
  const margin = FRAME_STRIP.blockSize / 4;
  const side = FRAME_STRIP.blockSize - 2 * margin;
  let sum = 0;
  for (let row = 0; row < side; row++) {
    const start = (top + margin + row) * width + left + margin;
    for (const value of gray.subarray(start, start + side)) sum += value;
  }
  const mean = sum / (side * side);
  if (mean > 100 && mean < 155)
    throw new RangeError(`The block at ${left},${top} is neither black nor white.`);
  return mean > 127 ? 1 : 0;
}
