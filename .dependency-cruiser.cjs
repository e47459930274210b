/** Who may import whom. `npm run check` fails on any of these, and when it has looked at implausibly few modules. */
const tests = "\\.test\\.tsx?$";
const pureNames = "(^|/)(lifecycle|rules|schema)\\.ts$";
const pureAllowed = `^lib/policy/|^lib/errors\\.ts$|^lib/schema\\.ts$|^lib/access/permissions\\.ts$|${pureNames}|node_modules/zod/`;

module.exports = {
  forbidden: [
    {
      name: "no-circular",
      comment: "A cycle is two things that are one, or one that is two. Types may look back.",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "policy-is-pure",
      comment:
        "lib/policy knows no clock, database or framework: only itself, errors, zod, Cedar and canonical JSON.",
      severity: "error",
      from: { path: "^lib/policy/", pathNot: [tests, "^lib/policy/(testing|arbitraries)"] },
      to: {
        pathNot:
          "^lib/policy/|^lib/errors\\.ts$|node_modules/(zod|@cedar-policy|canonicalize)/|^(node:)?crypto$|\\.json$",
      },
    },
    {
      name: "pure-files-are-pure",
      comment: "lifecycle, rules and schema import each other, lib/policy, errors, permissions and zod.",
      severity: "error",
      from: { path: "^lib/.*(^|/)(lifecycle|rules|schema)\\.ts$", pathNot: "^lib/policy/" },
      to: { pathNot: pureAllowed, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "lib-knows-no-page",
      comment: "lib imports nothing of app or components.",
      severity: "error",
      from: { path: "^lib/" },
      to: { path: "^(app|components|e2e)/" },
    },
    {
      name: "decision-point-stands-apart",
      comment: "The decision point never loads Next or React, nor the console's features.",
      severity: "error",
      from: { path: "^lib/pdp/", pathNot: tests },
      to: {
        path: "^lib/(api|changes|exceptions|use-cases|workloads|people|evidence|notify|jobs)/|^lib/approvals/(?!(lifecycle|rules)\\.ts$)|node_modules/(next|react|react-dom|next-auth|@mantine)/",
      },
    },
    {
      name: "features-use-each-others-reads",
      comment:
        "A feature of lib imports another feature's reads (queries, references, what is in force), views or pure files, never its commands.",
      severity: "error",
      from: {
        path: "^lib/(use-cases|workloads|changes|exceptions|approvals|rulings|telemetry|evidence|people)/",
        pathNot: tests,
      },
      to: {
        path: "^lib/(use-cases|workloads|changes|exceptions|approvals|rulings|telemetry|evidence|people)/",
        pathNot: [
          "^lib/$1/",
          "(queries|views|lifecycle|rules|schema|terms|refs|policy-in-force|compiled|estimates|check-cases|queue-items)\\.ts$",
          "^lib/telemetry/",
        ],
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "components-take-only-pure-lib",
      comment:
        "A component imports lifecycle, rules, schema, browser-safe policy and permissions; elsewhere only types.",
      severity: "error",
      from: { path: "^components/", pathNot: tests },
      to: {
        path: "^lib/",
        pathNot: `${pureNames}|^lib/policy/|^lib/access/permissions\\.ts$|^lib/evidence/(verify|crypto-web|format|report)`,
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "ui-and-charts-have-no-domain",
      comment: "components/ui and components/charts import no feature.",
      severity: "error",
      from: { path: "^components/(ui|charts)/" },
      to: { path: "^components/(?!ui/|charts/|api\\.ts|vocabulary/)" },
    },
    {
      name: "database-behind-lib",
      comment: "Only lib (and scripts and tests) reach the database.",
      severity: "error",
      from: { path: "^(components)/" },
      to: { path: "^lib/db/|node_modules/(pg|@prisma)/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "testing-is-for-tests",
      comment: "lib/testing is imported by tests only.",
      severity: "error",
      from: { pathNot: "\\.test\\.tsx?$|^lib/testing/|^e2e/|^scripts/bench" },
      to: { path: "^lib/testing/" },
    },
  ],
  options: {
    parser: "swc",
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "lib/db/generated|\\.next" },
    enhancedResolveOptions: { extensions: [".ts", ".tsx", ".mjs", ".js", ".json"] },
  },
};
