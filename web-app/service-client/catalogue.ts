import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  type Catalogue,
  type CatalogueChange,
  type CatalogueList,
  catalogueSchema,
  choicesSchema,
} from "#shared/web-api/catalogue.ts";
import { changeAtService, readFromService } from "./ask.ts";

const PATH = "/administration/catalogue";
const KEY = ["catalogue"];
const CHOICES_KEY = ["choices"];

/** Departments and categories, retired ones too. */
export function useCatalogue() {
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => readFromService(catalogueSchema, { path: PATH, signal }),
  });
}

/** Departments and categories that a case can be given. */
export function useChoices() {
  return useQuery({
    queryKey: CHOICES_KEY,
    queryFn: ({ signal }) => readFromService(choicesSchema, { path: "/choices", signal }),
  });
}

/** What is done to one of the lists. */
export type CatalogueStep =
  | { readonly do: "add"; readonly name: string }
  | { readonly do: "change"; readonly id: string; readonly change: CatalogueChange }
  | { readonly do: "order"; readonly ids: readonly string[] };

/** Refusals: NAME_NOT_USABLE, NAME_TAKEN, LAST_DEPARTMENT, ORDER_DIFFERS. */
export function useCatalogueStep(list: CatalogueList) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (step: CatalogueStep) => changeAtService(catalogueSchema, ...requestOf(list, step)),
    onSuccess: async (answer: Catalogue) => {
      client.setQueryData(KEY, answer);
      await client.invalidateQueries({ queryKey: CHOICES_KEY });
    },
  });
}

function requestOf(list: CatalogueList, step: CatalogueStep): [path: string, body: unknown] {
  switch (step.do) {
    case "add":
      return [`${PATH}/${list}`, { name: step.name }];
    case "change":
      return [`${PATH}/${list}/entry/${encodeURIComponent(step.id)}`, step.change];
    case "order":
      return [`${PATH}/${list}/order`, { ids: step.ids }];
  }
}
