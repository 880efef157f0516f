/** `setup`: what a fresh service needs before anybody can use it. */
import { randomInt, randomUUID } from "node:crypto";
import { appendAudit } from "../audit/audit-chain.ts";
import type { SiteFolder } from "../site/site-folder.ts";
import { RIGHTS_OF_THE_FIRST, setRights } from "../storage/account-rights.ts";
import { StartRefusal } from "../site/start-refusal.ts";
import { hashPassword } from "../web/passwords.ts";
import { withStoppedService } from "./stopped-service.ts";

export interface FirstEntries {
  readonly user: string;
  readonly fullName: string;
  readonly department: string;
  readonly category: string;
  /** Also where the keys were used with metadata that are not here. */
  readonly beginsAnew?: boolean;
}

/** Without letters and digits that are mistaken for one another; 20 of them are 99 bits. */
const LETTERS = "abcdefghjkmnpqrstuvwxyz23456789";
const PASSWORD_LENGTH = 20;

/**
 * Makes the first person of the web application, the first department and the first category.
 * @returns the person's password, which is kept nowhere
 * @throws StartRefusal ALREADY_SET_UP, FOLDER_IN_USE, METADATA_MISSING
 */
export async function setUp(dir: string, first: FirstEntries): Promise<string> {
  const { beginsAnew = false } = first;
  const making = async ({ db }: SiteFolder): Promise<string> => {
    const password = newPassword();
    const passwordHash = hashPassword(password);
    await db.transaction().execute(async (transaction) => {
      const someone = await transaction.selectFrom("webUser").select("username").limit(1).executeTakeFirst();
      if (someone !== undefined) {
        const detail = `The service has users already, “${someone.username}” among them.`;
        throw new StartRefusal("ALREADY_SET_UP", detail);
      }
      const { user: username, fullName, department, category } = first;
      const atUtcMs = Date.now();
      const since = { createdUtcMs: atUtcMs, passwordChangedUtcMs: atUtcMs };
      await transaction
        .insertInto("webUser")
        .values({ username, fullName, passwordHash, ...since })
        .execute();
      await setRights(transaction, { kind: "user", id: username }, RIGHTS_OF_THE_FIRST);
      const departmentRow = { departmentId: randomUUID(), name: department };
      await transaction.insertInto("department").values(departmentRow).execute();
      await transaction.insertInto("category").values({ categoryId: randomUUID(), name: category }).execute();
      const entry = { atUtcMs, actor: "system", action: "SET_UP", subject: username };
      await appendAudit(transaction, { ...entry, detail: { department, category } });
    });
    return password;
  };
  return withStoppedService(dir, making, { beginsAnew });
}

function newPassword(): string {
  return Array.from({ length: PASSWORD_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]).join("");
}
