/** As many cases and evidences as the largest organisation has in years, the same each time. */
import { searchTextOf } from "#evidence-service/storage/search-words.ts";

export const EVIDENCES = 1_000_000;
export const CASES = 100_000;
/** In one record of each kind, and none. */
export const RARE_WORD = "quicksilver";

const PLACES = [
  "entrance",
  "lobby",
  "parking",
  "gate",
  "corridor",
  "dock",
  "yard",
  "tunnel",
  "platform",
  "stairs",
];
const SIDES = ["north", "south", "east", "west", "upper", "lower"];
const START_UTC_MS = Date.UTC(2020, 0, 1);
const MINUTE_MS = 60_000;

const one = (words: readonly string[], number: number): string => words[number % words.length] ?? "";
/** Far from in order, and the same each time. */
const mixed = (number: number): number => (number * 2_654_435_761) % 4_294_967_296;

export type SeededRow = Readonly<Record<string, string | number | null>>;

/** Rows by the names of their columns. */
export function* caseRows(): Generator<SeededRow> {
  for (let index = 0; index < CASES; index += 1) {
    const caseId = `case-${index}`;
    const location = `${one(SIDES, mixed(index))} ${one(PLACES, mixed(index + 7))}`;
    const name = `Incident at the ${location}${index === 4_321 ? ` ${RARE_WORD}` : ""}`;
    const recordNumber = `2026-${String(index).padStart(6, "0")}`;
    const incidentNumber = `I${mixed(index)}`;
    yield {
      ...{ caseId, principalId: "seed", externalId: caseId, name, departmentId: "department-patrol" },
      ...{ recordNumber, incidentNumber, description: "", location, tagsJson: "[]", customFieldsJson: "[]" },
      ...{ state: "Open", createdBy: "Seed", createdUtcMs: START_UTC_MS + index * MINUTE_MS },
      searchText: searchTextOf(name, recordNumber, incidentNumber, location),
    };
  }
}

/** Rows by the names of their columns. */
export function* evidenceRows(): Generator<SeededRow> {
  for (let index = 0; index < EVIDENCES; index += 1) {
    const evidenceId = `evidence-${index}`;
    const camera = `camera-${mixed(index) % 2_000}`;
    const place = `${one(SIDES, mixed(index + 3))} ${one(PLACES, mixed(index + 11))}`;
    const name = `Camera ${camera} ${place}${index === 123_456 ? ` ${RARE_WORD}` : ""}`;
    const device = { DeviceType: "Camera", ExternalId: camera, Manufacturer: "Axis", SerialNumber: "" };
    const startUtcMs = START_UTC_MS + index * MINUTE_MS;
    yield {
      ...{ evidenceId, principalId: "seed", externalId: evidenceId, name, description: "" },
      ...{ startUtcMs, endUtcMs: startUtcMs + MINUTE_MS },
      caseId: index % 3 === 0 ? null : `case-${mixed(index) % CASES}`,
      deviceJson: JSON.stringify({ ...device, Model: "P3245" }),
      ...{ createdBy: "Seed", createdUtcMs: startUtcMs, lifecycleState: "Available" },
      searchText: searchTextOf(name, camera, "P3245", `operator${mixed(index) % 60}`),
    };
  }
}
