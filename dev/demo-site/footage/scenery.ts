/** Pictures of the demo cameras: drawn from boxes and round or pointed glyphs, all motion closed within a minute. */

export const SCENE_WIDTH = 640;
export const SCENE_HEIGHT = 360;

/** A filled box. */
const box = (color: string, x: number, y: number, width: number, height: number): string =>
  `drawbox=x=${x}:y=${y}:w=${width}:h=${height}:color=${color}:t=fill`;

/** A glyph used as a shape; `x` and `y` may depend on the second `t`. */
const shape = (glyph: string, color: string, size: number, x: string | number, y: string | number): string =>
  `drawtext=text='${glyph}':fontcolor=${color}:fontsize=${size}:x='${x}':y='${y}'`;

/** Goes from one edge to the other and is out of sight when the minute begins anew. */
const passing = (speed: number, startSecond: number): string => `(t-${startSecond})*${speed}-60`;

/** Goes to and fro once in a minute. */
const strolling = (middle: number, reach: number, phase: number): string =>
  `${middle}+${reach}*sin(2*PI*(t/60+${phase}))`;

/** A person seen from the front; `bob` makes the gait visible. */
function person(color: string, x: string, floor: number): string[] {
  return [shape("●", "0xd8b090", 30, `${x}+6`, floor - 76), shape("█", color, 34, x, floor - 50)];
}

function car(color: string, x: string, ground: number): string[] {
  return [
    shape("████", color, 30, x, ground - 38),
    shape("██", color, 26, `${x}+20`, ground - 58),
    shape("●   ●", "0x101010", 26, `${x}+6`, ground - 22),
  ];
}

const tree = (x: number, ground: number, size: number): string[] => [
  box("0x4a3524", x + size * 0.34, ground - size * 0.25, 8, Math.round(size * 0.3)),
  shape("▲", "0x2c5a34", size, x, ground - size * 1.1),
];

/** Ground colour and what is drawn on it, in order from back to front. */
export interface Scene {
  readonly ground: string;
  readonly shapes: readonly string[];
}

export const SCENES = {
  entrance: {
    ground: "0xb9b2a4",
    shapes: [
      box("0x8d8674", 0, 230, 640, 130),
      ...[
        box("0x5b6f7d", 250, 70, 140, 165),
        box("0x9fc0cf", 258, 78, 60, 157),
        box("0x9fc0cf", 322, 78, 60, 157),
      ],
      ...[
        box("0x6d4c33", 470, 190, 140, 60),
        box("0x3f5f3d", 60, 190, 36, 50),
        shape("▲", "0x3f7a44", 60, 50, 130),
      ],
      ...person("0x2f4a86", strolling(300, 190, 0.1), 270),
      ...person("0x8a2f3c", passing(22, 8), 300),
    ],
  },
  reception: {
    ground: "0xcfc6d4",
    shapes: [
      box("0x7a6a80", 0, 250, 640, 110),
      ...[
        box("0x503a5c", 180, 200, 280, 70),
        box("0x6b5178", 180, 190, 280, 14),
        box("0x22262e", 290, 160, 60, 34),
      ],
      ...[box("0xe8e2c4", 60, 60, 90, 60), box("0xe8e2c4", 490, 60, 90, 60)],
      ...person("0x2c6a5f", strolling(240, 40, 0.4), 196),
      ...person("0x9a6a26", strolling(330, 220, 0.75), 320),
    ],
  },
  carParkNorth: {
    ground: "0x8fa9bd",
    shapes: [
      box("0x50555a", 0, 150, 640, 210),
      ...[60, 180, 300, 420, 540].map((x) => box("0xd9d9d0", x, 170, 4, 70)),
      ...car("0x8c1f1f", "84", 240),
      ...car("0xdedede", "324", 240),
      ...car("0x1f4c8c", passing(26, 5), 310),
      ...person("0x3a7a3a", passing(14, 12), 342),
    ],
  },
  carParkBarrier: {
    ground: "0xa9b7a0",
    shapes: [
      box("0x5c5c5c", 0, 210, 640, 150),
      ...[box("0xe0e0e0", 0, 280, 640, 4), box("0xc9a227", 410, 150, 34, 90)],
      ...[
        box("0xd03030", 210, 176, 200, 10),
        box("0xf0f0f0", 250, 176, 40, 10),
        box("0xf0f0f0", 330, 176, 40, 10),
      ],
      ...tree(40, 215, 90),
      ...car("0x5a2f7d", passing(18, 3), 330),
    ],
  },
  fenceEast: {
    ground: "0x6f93b8",
    shapes: [
      box("0x55713f", 0, 200, 640, 160),
      ...[tree(70, 215, 110), tree(470, 210, 90), tree(560, 220, 120)].flat(),
      ...Array.from({ length: 16 }, (_unused, post) => box("0x3c4146", post * 42, 170, 5, 90)),
      ...[box("0x3c4146", 0, 180, 640, 3), box("0x3c4146", 0, 220, 640, 3)],
      shape("●", "0xf2e6a0", 60, strolling(320, 260, 0.25), 24),
    ],
  },
  gateNight: {
    ground: "0x141a2c",
    shapes: [
      box("0x20261f", 0, 220, 640, 140),
      ...[
        box("0x39414d", 120, 110, 16, 150),
        box("0x39414d", 500, 110, 16, 150),
        box("0x2d3440", 136, 130, 364, 100),
      ],
      ...Array.from({ length: 9 }, (_unused, bar) => box("0x4d5766", 160 + bar * 38, 130, 4, 100)),
      ...[shape("●", "0xf6e7b2", 40, 108, 70), shape("●", "0xf6e7b2", 40, 490, 70)],
      ...person("0x8f7a2a", passing(17, 10), 318),
    ],
  },
} as const satisfies Record<string, Scene>;
