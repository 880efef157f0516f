/** Departments and categories, as administrators keep them (JSON, below /web/api/administration/catalogue). */
import { z } from "zod";

export const catalogueListSchema = z.enum(["departments", "categories"]);
export type CatalogueList = z.infer<typeof catalogueListSchema>;

/** Days of 24 hours; null for ever. */
const daysSchema = z.int().min(1).max(36_525).nullable();

const entrySchema = z.object({
  id: z.string(),
  name: z.string(),
  /** No new case is given it; those that have it keep it. */
  isRetired: z.boolean(),
});
export type CatalogueEntry = z.infer<typeof entrySchema>;

/** GET …: in their order. The answer to each change too. */
export const catalogueSchema = z.object({
  departments: z.array(entrySchema),
  categories: z.array(entrySchema.extend({ retentionDays: daysSchema })),
});
export type Catalogue = z.infer<typeof catalogueSchema>;

/** GET /web/api/choices: what a new case can be given, in their order. */
export const choicesSchema = z.object({
  departments: z.array(z.object({ id: z.string(), name: z.string() })),
  categories: z.array(z.object({ id: z.string(), name: z.string() })),
});

/** POST …/{list}: adds one at the end. Refusals: NAME_NOT_USABLE, NAME_TAKEN. */
export const catalogueAdditionSchema = z.object({ name: z.string().max(256) });

/** POST …/{list}/{id}. Refusals: NAME_NOT_USABLE, NAME_TAKEN, LAST_DEPARTMENT. */
export const catalogueChangeSchema = z.object({
  name: z.string().max(256).optional(),
  isRetired: z.boolean().optional(),
  /** Of a category: how long evidence in its cases is kept after they were closed. */
  retentionDays: daysSchema.optional(),
});
export type CatalogueChange = z.infer<typeof catalogueChangeSchema>;

/** POST …/{list}/order: all ids of the list. Refusal: ORDER_DIFFERS. */
export const catalogueOrderSchema = z.object({ ids: z.array(z.string()).max(1_000) });
