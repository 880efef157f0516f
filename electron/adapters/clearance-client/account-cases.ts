import {
  casePageSchema,
  caseSchema,
  categoryListSchema,
  departmentListSchema,
  fieldTemplatesSchema,
} from "#shared/clearance-api/case.ts";
import { visibleName } from "#shared/domain/names.ts";
import type { CaseForm, CaseSummary } from "#shared/domain/case.ts";
import {
  type PortCall,
  portFailed,
  type PortOutcome,
  portSucceeded,
} from "../../export-pipeline/ports/port-call.ts";
import type { CurrentAccount } from "./clearance-destination.ts";
import { clearancePaths } from "./clearance-paths.ts";

/** Cases shown at once in the wizard; typing narrows them down. */
const CASES_SHOWN = 100;

const NOT_CONFIGURED = portFailed("permanent", {
  code: "DESTINATION_NOT_CONFIGURED",
  message: "There is no destination for evidence yet.",
  action: "An administrator sets it in the settings.",
});

/** What the wizard asks the account: its cases, and the form of a new one. */
export class AccountCases {
  readonly #account: CurrentAccount;

  constructor(account: CurrentAccount) {
    this.#account = account;
  }

  /** Newest first, closed ones included. */
  async cases(text: string, call: Pick<PortCall, "signal">): Promise<PortOutcome<CaseSummary[]>> {
    const http = this.#account();
    if (http === null) return NOT_CONFIGURED;
    const query = new URLSearchParams({ text, limit: String(CASES_SHOWN) });
    const url = `${clearancePaths(http.connection).cases}?${query.toString()}`;
    const answer = await http.get(url, casePageSchema, call);
    if (!answer.ok) return answer;
    return portSucceeded(
      answer.value.Cases.map((found) => ({
        accountId: http.connection.accountId,
        caseId: found.CaseId,
        name: visibleName(found.Name),
        state: found.State === "Closed" ? "closed" : "open",
        department: visibleName(found.DepartmentName),
        category: found.CategoryName === null ? null : visibleName(found.CategoryName),
        recordNumber: visibleName(found.RecordNumber),
        createdUtcMs: Date.parse(found.CreatedTimeUtc),
      })),
    );
  }

  async stateOf(caseId: string, call: Pick<PortCall, "signal">): Promise<PortOutcome<"open" | "closed">> {
    const http = this.#account();
    if (http === null) return NOT_CONFIGURED;
    const answer = await http.get(clearancePaths(http.connection).case(caseId), caseSchema, call);
    return answer.ok ? portSucceeded(answer.value.State === "Closed" ? "closed" : "open") : answer;
  }

  async form(call: Pick<PortCall, "signal">): Promise<PortOutcome<CaseForm>> {
    const http = this.#account();
    if (http === null) return NOT_CONFIGURED;
    const paths = clearancePaths(http.connection);
    const [departments, categories, templates] = await Promise.all([
      http.get(paths.departments, departmentListSchema, call),
      http.get(paths.categories, categoryListSchema, call),
      http.get(paths.fieldTemplates, fieldTemplatesSchema, call),
    ]);
    if (!departments.ok) return departments;
    if (!categories.ok) return categories;
    if (!templates.ok) return templates;
    const template = templates.value.find(({ type }) => type === "Case");
    return portSucceeded({
      accountId: http.connection.accountId,
      departments: departments.value.map(({ DepartmentId, Name }) => ({
        id: DepartmentId,
        name: visibleName(Name),
      })),
      categories: categories.value.map(({ CategoryId, Name }) => ({
        id: CategoryId,
        name: visibleName(Name),
      })),
      customFields: template?.customFields ?? [],
      renamedFields: template?.renamedFields ?? [],
    });
  }
}
