import fc from "fast-check";
import { expect, test } from "vitest";
import { evidenceNameOf } from "../domain/export-request.ts";
import { exportRequestSchema } from "./export-contract.ts";

/** What copying and other keyboards give in place of a plain blank. */
const blanks = fc
  .array(fc.constantFrom(" ", "\u00A0", "\u2003", "\u202F", "\u3000"), { maxLength: 8 })
  .map((each) => each.join(""));

function parsed(name: string, line = "") {
  return exportRequestSchema.parse({
    requestId: "request-1",
    cameraExports: [
      {
        cameraId: "gate",
        cameraName: "Gate",
        name,
        description: "",
        range: { startUtcMs: 0, endUtcMs: 1 },
      },
    ],
    caseAssociation: {
      kind: "new",
      newCase: {
        name: "Theft",
        departmentId: "d",
        categoryId: null,
        recordNumber: line,
        incidentNumber: "",
        incidentStartUtcMs: null,
        incidentEndUtcMs: null,
        description: "",
        location: line,
        tags: [],
        customFields: [],
      },
    },
  });
}

test("blanks of any width alone are no name: the evidence is called as its camera", () => {
  fc.assert(
    fc.property(blanks, (name) => {
      const { cameraExports, caseAssociation } = parsed(name, name);
      expect(cameraExports[0]?.name).toBe("");
      expect(evidenceNameOf(cameraExports[0]!)).toBe("Gate");
      expect(caseAssociation).toMatchObject({ newCase: { recordNumber: "", location: "" } });
    }),
  );
});

test("a name is kept without the blanks around it", () => {
  fc.assert(
    fc.property(blanks, blanks, (before, after) => {
      expect(parsed(`${before}Theft${after}`).cameraExports[0]?.name).toBe("Theft");
    }),
  );
});
