/** Tables of what a new case can be given. */
import type { Generated } from "kysely";

export interface DepartmentTable {
  seq: Generated<number>;
  departmentId: string;
  name: string;
  /** Where it stands among the others; null where nobody said. */
  position: number | null;
  /** Since when no new case is given it; null while it is. */
  retiredUtcMs: number | null;
}

export interface CategoryTable {
  seq: Generated<number>;
  categoryId: string;
  name: string;
  /** As of a department. */
  position: number | null;
  retiredUtcMs: number | null;
  /** Evidence in a case of it is kept so long after the case was closed; null for ever. */
  retentionDays: number | null;
}

export interface FieldTemplateTable {
  type: string;
  renamedFieldsJson: string;
  customFieldsJson: string;
}
