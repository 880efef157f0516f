/** Departments and categories, for administrators. */
import { z } from "zod";
import {
  catalogueAdditionSchema,
  catalogueChangeSchema,
  catalogueListSchema,
  catalogueOrderSchema,
  type CatalogueEntry,
  catalogueSchema,
  choicesSchema,
} from "#shared/web-api/catalogue.ts";
import type { ServiceContext } from "../context/service-context.ts";
import type { JsonApi } from "../http/json-api.ts";
import { addEntry, changeEntry, orderEntries, readCatalogue } from "./catalogue-records.ts";

const PATH = "/web/api/administration/catalogue";
const listParamsSchema = z.object({ list: catalogueListSchema });

export function registerCatalogueRoutes(api: JsonApi, context: ServiceContext): void {
  const route = { access: "user", action: "manage-catalogue", answer: catalogueSchema } as const;
  const change = { ...route, method: "POST" } as const;
  api.add({
    ...route,
    method: "GET",
    path: PATH,
    summary: "Departments and categories, retired ones too.",
    params: z.object({}),
    handle: () => readCatalogue(context),
  });
  api.add({
    method: "GET",
    path: "/web/api/choices",
    summary: "The departments and categories that a case can be given.",
    access: "user",
    action: "read-lists",
    params: z.object({}),
    answer: choicesSchema,
    handle: async () => {
      const { departments, categories } = await readCatalogue(context);
      const isOffered = ({ isRetired }: CatalogueEntry): boolean => !isRetired;
      return { departments: departments.filter(isOffered), categories: categories.filter(isOffered) };
    },
  });
  api.add({
    ...change,
    path: `${PATH}/:list`,
    summary: "Adds a department or a category.",
    params: listParamsSchema,
    body: catalogueAdditionSchema,
    handle: async ({ params, body, principal }) => {
      await addEntry(context, principal, { ...params, ...body });
      return readCatalogue(context);
    },
  });
  api.add({
    ...change,
    path: `${PATH}/:list/order`,
    summary: "Puts a list into another order.",
    params: listParamsSchema,
    body: catalogueOrderSchema,
    handle: async ({ params, body, principal }) => {
      await orderEntries(context, principal, { ...params, ...body });
      return readCatalogue(context);
    },
  });
  api.add({
    ...change,
    path: `${PATH}/:list/entry/:id`,
    summary: "Renames a department or a category, retires it or takes it back.",
    params: listParamsSchema.extend({ id: z.string() }),
    body: catalogueChangeSchema,
    handle: async ({ params, body, principal }) => {
      await changeEntry(context, principal, { ...params, change: body });
      return readCatalogue(context);
    },
  });
}
