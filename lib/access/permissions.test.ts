import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { can, inScope, PERMISSIONS, type Permission, ROLES, TOKEN_SCOPES, whoMay } from "./permissions";

const ALL = Object.keys(PERMISSIONS) as Permission[];
const NAMED = { isRiskOwner: true, isApplicationOwner: true };

describe("a token", () => {
  it("carries reading, and proposing a change; nothing that decides", () => {
    const carried = ALL.filter((permission) => inScope(TOKEN_SCOPES, permission));
    expect(carried.filter((permission) => !permission.endsWith(":read"))).toEqual([
      "change:create",
      "change:comment",
    ]);
    expect(
      ALL.filter((permission) => inScope(["read"], permission)).every((one) => one.endsWith(":read")),
    ).toBe(true);
    expect(ALL.filter((permission) => inScope([], permission))).toEqual([]);
  });

  it("never approves, rejects, applies, grants or administers, whatever roles its person has", () => {
    const via = { scopes: TOKEN_SCOPES };
    const decides = ALL.filter((permission) =>
      /:(approve|reject|apply|decide|manage|revoke|retire|review|break|schedule|update|reclassify|export|end)/.test(
        permission,
      ),
    );
    expect(decides.length).toBeGreaterThan(12);
    for (const permission of decides) {
      expect(can({ roles: ROLES }, permission, NAMED), permission).toBe(true);
      expect(can({ roles: ROLES, via }, permission, NAMED), permission).toBe(false);
    }
  });

  it("is asked of the actor, wherever lib asks: bare roles would forget the token", () => {
    const root = join(import.meta.dirname, "..");
    const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter(
      (file) => file.endsWith(".ts") && !file.includes("generated") && !file.endsWith(".test.ts"),
    );
    expect(files.length).toBeGreaterThan(200);
    const bare = files.filter((file) =>
      /\bcan\(\s*\w*\.?(?:actor\.)?roles\b/.test(readFileSync(join(root, file), "utf8")),
    );
    // Who is told of something is a person in the database, who asks nothing.
    expect(bare.filter((file) => file !== "notify/rules.ts")).toEqual([]);
  });

  it("carries no more than its person may", () => {
    for (const role of ROLES) {
      for (const permission of ALL) {
        const own = can({ roles: [role] }, permission, NAMED);
        const through = can({ roles: [role], via: { scopes: TOKEN_SCOPES } }, permission, NAMED);
        expect(through && !own, `${role} ${permission}`).toBe(false);
      }
    }
  });
});

describe("whoMay", () => {
  it("says in words who has a permission, and where only those who are named do", () => {
    expect(whoMay("exception:approve")).toBe("a security lead");
    expect(whoMay("governance:approve")).toBe("a security lead or a risk owner");
    expect(whoMay("exception:create")).toBe("the risk owner or an application owner of the use case");
    expect(whoMay("change:approve")).toBe("a security lead or the risk owner of the use case");
  });
});
