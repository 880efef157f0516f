/** A service's folder with as many cases and evidences as the largest organisation has in years. */
import { join } from "node:path";
import SqliteDatabase from "better-sqlite3";
import { seedDemo } from "#evidence-service/testing/demo-seed.ts";
import { DATABASE_FILE } from "#evidence-service/site/metadata-place.ts";
import { searchTextOf } from "#evidence-service/storage/search-words.ts";
import { giveRole } from "#evidence-service/testing/test-site.ts";

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

/** Fills the folder unless it is filled already. */
export async function seedRecords(dir: string): Promise<void> {
  await seedDemo({ dir });
  await giveRole(dir, "integration");
  const database = new SqliteDatabase(join(dir, DATABASE_FILE));
  database.pragma("synchronous = OFF");
  // All that is written in one transaction stays in memory until its end.
  database.pragma("cache_size = -2000000");
  const there = Number(database.prepare("SELECT count(*) FROM evidence").pluck().get());
  if (there < EVIDENCES) {
    database.transaction(() => addCases(database))();
    database.transaction(() => addEvidence(database))();
  }
  database.pragma("wal_checkpoint(TRUNCATE)");
  database.close();
}

const one = (words: readonly string[], number: number): string => words[number % words.length] ?? "";
/** Far from in order, and the same each time. */
const mixed = (number: number): number => (number * 2_654_435_761) % 4_294_967_296;

function addCases(database: SqliteDatabase.Database): void {
  const insert =
    database.prepare(`INSERT INTO caseFile (caseId, principalId, externalId, name, departmentId, recordNumber,
    incidentNumber, description, location, tagsJson, customFieldsJson, state, createdBy, createdUtcMs, searchText)
    VALUES (:id, 'seed', :id, :name, 'department-patrol', :record, :incident, '', :place, '[]', '[]', 'Open', 'Seed', :at, :text)`);
  for (let index = 0; index < CASES; index += 1) {
    const place = `${one(SIDES, mixed(index))} ${one(PLACES, mixed(index + 7))}`;
    const name = `Incident at the ${place}${index === 4_321 ? ` ${RARE_WORD}` : ""}`;
    const [record, incident] = [`2026-${String(index).padStart(6, "0")}`, `I${mixed(index)}`];
    const at = START_UTC_MS + index * MINUTE_MS;
    insert.run({
      id: `case-${index}`,
      name,
      record,
      incident,
      place,
      at,
      text: searchTextOf(name, record, incident, place),
    });
  }
}

function addEvidence(database: SqliteDatabase.Database): void {
  const insert =
    database.prepare(`INSERT INTO evidence (evidenceId, principalId, externalId, name, description, startUtcMs,
    endUtcMs, caseId, deviceJson, createdBy, createdUtcMs, lifecycleState, searchText)
    VALUES (:id, 'seed', :id, :name, '', :at, :end, :caseId, :device, 'Seed', :at, 'Available', :text)`);
  for (let index = 0; index < EVIDENCES; index += 1) {
    const camera = `camera-${mixed(index) % 2_000}`;
    const place = `${one(SIDES, mixed(index + 3))} ${one(PLACES, mixed(index + 11))}`;
    const name = `Camera ${camera} ${place}${index === 123_456 ? ` ${RARE_WORD}` : ""}`;
    const device = {
      DeviceType: "Camera",
      ExternalId: camera,
      Manufacturer: "Axis",
      SerialNumber: "",
      Model: "P3245",
    };
    const at = START_UTC_MS + index * MINUTE_MS;
    insert.run({
      ...{ id: `evidence-${index}`, name, at, end: at + MINUTE_MS, device: JSON.stringify(device) },
      caseId: index % 3 === 0 ? null : `case-${mixed(index) % CASES}`,
      text: searchTextOf(name, camera, "P3245", `operator${mixed(index) % 60}`),
    });
  }
}
