import { stringify } from "csv-stringify/sync";
import { describe, expect, it } from "vitest";
import { csvHeader, csvText } from "@/lib/evidence/tables";

const audit = (reason: string) => ({ number: 1, reason, actor: { kind: "person", name: "Ada" }, detail: {} });
const cell = (reason: string) => csvText(stringify, "audit", [audit(reason)]);

describe("CSV", () => {
  it.each(["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "＝1", "－1"])(
    "disarms a cell that begins like %j",
    (start) => {
      expect(cell(start)).toContain(`'${start}`);
    },
  );

  it("quotes what would break a line", () => {
    expect(cell('say "no",\nthen go')).toContain('"say ""no"",\nthen go"');
  });

  it("writes a column for every name of its header", () => {
    expect(csvHeader(stringify, "audit")).toBe(
      "number,at,action,actorKind,actor,subjectKind,subject,subjectRef,useCase,reason,detail\n",
    );
    expect(cell("why")).toBe("1,,,person,Ada,,,,,why,{}\n");
  });

  it("says who approved what, and when", () => {
    const approvals = [{ verdict: "approve", seat: "risk_owner", at: "2026-01-01", person: { name: "Ada" } }];
    expect(csvText(stringify, "changes", [{ ref: "CHG-1", approvals }])).toContain(
      "approve by Ada as risk_owner at 2026-01-01",
    );
  });
});
