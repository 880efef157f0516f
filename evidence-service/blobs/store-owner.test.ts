import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Metadata } from "../storage/metadata-tables.ts";
import { testEngines } from "../testing/engines.ts";
import { enterWorld } from "../testing/rights-world.ts";
import { type OwnerPlace, StoreOfAnother, StoreOwner } from "./store-owner.ts";

const engines = await testEngines();

/** A store that keeps one text. */
class OneText implements OwnerPlace {
  readonly words = "The bucket “evidence”";
  text: string | null = null;
  readonly blobs = new Set<string>();
  read = async () => this.text;
  add = async (text: string) => {
    if (this.text !== null) return false;
    this.text = text;
    return true;
  };
  replace = async (text: string) => void (this.text = text);
  remove = async () => void (this.text = null);
  holds = async (blobName: string) => this.blobs.has(blobName);
}

describe.each(engines)("whose a store is, on $name", (engine) => {
  afterAll(() => engine.close());
  let place: OneText;
  beforeEach(() => {
    place = new OneText();
  });
  const owner = (db: Metadata, onlyLooks = false) =>
    new StoreOwner({ db, place, tenantId: "one", metadata: "a database", onlyLooks });

  /** Metadata, and a copy of what they say at the moment of the store. */
  async function copied(db: Metadata): Promise<{ db: Metadata; close: () => Promise<void> }> {
    const copy = await engine.open();
    const rows = await db.selectFrom("setting").selectAll().where("name", "=", "storeOwner").execute();
    await copy.db.insertInto("setting").values(rows).execute();
    return copy;
  }

  test("is its first service's and every other's of the same metadata, and nobody else's", async () => {
    const [{ db, close }, others] = [await engine.open(), await engine.open()];
    await Promise.all([owner(db).insist(), owner(db).insist()]);
    await owner(db).insist();
    const refusal = owner(others.db).insist();
    await expect(refusal).rejects.toBeInstanceOf(StoreOfAnother);
    await expect(refusal).rejects.toThrow(
      /^The bucket “evidence” belongs to the service on a database, which said so on .*\.$/,
    );
    await owner(others.db).leave();
    await owner(db).insist();
    await owner(db).leave();
    await owner(others.db).insist();
    for (const end of [close, others.close]) await end();
  });

  test("a copy of the metadata knows it no more once the service has said so anew, which that one does first", async () => {
    const { db, close } = await engine.open();
    const service = owner(db);
    await service.renew();
    const copy = await copied(db);
    const practice = owner(copy.db);
    // At its start.
    await practice.renew();
    await service.renew();
    await expect(practice.renew()).rejects.toBeInstanceOf(StoreOfAnother);
    await expect(owner(copy.db).insist()).rejects.toBeInstanceOf(StoreOfAnother);
    await service.renew();
    await owner(db).insist();
    for (const end of [close, copy.close]) await end();
  });

  test("a restoration takes what somebody has by force alone, and then that one has it no more", async () => {
    const { db, close } = await engine.open();
    await owner(db).insist();
    const copy = await copied(db);
    const claim = "of the restoration";
    const restored = owner(copy.db);
    await expect(restored.take({ isForced: false, claim })).rejects.toBeInstanceOf(StoreOfAnother);
    await owner(db).insist();
    await restored.take({ isForced: true, claim });
    // As it goes on after it was cut off.
    await restored.take({ isForced: false, claim });
    await restored.insist();
    await expect(owner(db).insist()).rejects.toBeInstanceOf(StoreOfAnother);
    place.text = "torn";
    await expect(restored.take({ isForced: false, claim })).rejects.toThrow("says nothing");
    await restored.take({ isForced: true, claim });
    await restored.insist();
    for (const end of [close, copy.close]) await end();
  });

  test("one that said so and says nothing is another one, unless stored files are there", async () => {
    const { db, close } = await engine.open();
    await owner(db).insist();
    await enterWorld(db);
    const { evidenceId } = await db.selectFrom("evidence").select("evidenceId").executeTakeFirstOrThrow();
    const named = { evidenceId, resourceId: "file", name: "", mimeType: "", startUtcMs: 0, endUtcMs: 0 };
    await db
      .insertInto("resource")
      .values({ ...named, state: "UserCompleted" })
      .execute();
    place.text = null;
    await expect(owner(db).insist()).rejects.toThrow("does not have the stored files");
    await owner(db, true).insist();
    expect(place.text).toBeNull();
    place.blobs.add("file");
    await owner(db).insist();
    expect(place.text).not.toBeNull();
    await close();
  });
});
