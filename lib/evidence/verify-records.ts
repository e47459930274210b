import { toHex, utf8 } from "@/lib/evidence/bytes";
import type { RecordName } from "@/lib/evidence/format";
import { NamedDecisions, type Place } from "@/lib/evidence/named-decisions";
import {
  type AppealRow,
  appealRowSchema,
  campaignRowSchema,
  caseRowSchema,
  floorRowSchema,
  heldRowSchema,
  incidentRowSchema,
  type RulingRow,
  rulingRowSchema,
  settingRowSchema,
} from "@/lib/evidence/record-rows";
import type { Row } from "@/lib/evidence/tables";
import type { VerifyContext } from "@/lib/evidence/verify-context";
import { canonicalJson } from "@/lib/policy/canonical";

/** A version of something that changes through change control, as the pack has it. */
export interface Version extends Place {
  digest: string;
  change: string | null;
  effectiveFrom: string | null;
}

/** What a campaign says became of an exception. */
export interface Answer extends Place {
  campaign: string;
  answer: "kept" | "shortened" | "revoked" | "retired" | null;
  at: string | null;
}

/** What the records of the second format say, for what is checked against them. */
export interface Records {
  /** By `setting/<key> <number>` and `floor/<class> <number>`. */
  versions: Map<string, Version>;
  /** By reference of the exception. */
  answers: Map<string, Answer[]>;
  named: NamedDecisions;
}

export const noRecords = (): Records => ({
  versions: new Map(),
  answers: new Map(),
  named: new NamedDecisions(),
});

/** Checks settings, floors, rulings, appeals, cases, incidents, campaigns and held requests, and each against the others. */
export async function verifyRecords(context: VerifyContext): Promise<Records> {
  const records = noRecords();
  await verifyVersions(context, records);
  await verifyRulings(context, records.named);
  await verifyPlain(context, records);
  return records;
}

function tell(context: VerifyContext, { file, line }: Place, message: string): void {
  context.report.problem({ file, row: line.row, offset: line.offset, message });
}

function placed(name: RecordName, line: Place["line"]): Place {
  return { file: `${name}.jsonl`, line: { row: line.row, offset: line.offset } };
}

/** Of the pack's use cases. */
function isForeign(context: VerifyContext, useCase: string): boolean {
  const { useCases } = context.manifest;
  return useCases.length > 0 && !useCases.includes(useCase);
}

async function verifyVersions(context: VerifyContext, { versions }: Records): Promise<void> {
  const digestOf = (value: unknown) => toHex(context.hashing.sha256(utf8(canonicalJson(value))));
  const add = (key: string, content: unknown, version: Version) => {
    if (versions.has(key)) tell(context, version, "This version is there twice.");
    versions.set(key, version);
    if (digestOf(content) !== version.digest) tell(context, version, "The version does not have its digest.");
  };
  const settings = await context.eachRow("settings.jsonl", settingRowSchema, (row, line) =>
    add(`setting/${row.key} ${row.number}`, row.value, { ...row, ...placed("settings", line) }),
  );
  const floors = await context.eachRow("floors.jsonl", floorRowSchema, (row, line) =>
    add(`floor/${row.dataClass} ${row.number}`, row.document, { ...row, ...placed("floors", line) }),
  );
  context.count("settings.jsonl", "settings", settings);
  context.count("floors.jsonl", "floors", floors);
  context.report.checked("versions of settings and floors by digest", settings + floors);
}

type Finding = Pick<RulingRow, "useCase" | "decision" | "decidedAt" | "decisionKept" | "control">;

async function verifyRulings(context: VerifyContext, named: NamedDecisions): Promise<void> {
  const name = (row: Finding, place: Place) => {
    if (isForeign(context, row.useCase)) tell(context, place, "The use case is not one of the pack's.");
    const { decision, control, useCase } = row;
    named.name(context, decision, row.decisionKept ? row.decidedAt : null, { ...place, useCase, control });
  };
  const rulings = new Map<string, { row: RulingRow; place: Place }>();
  const numbers = new Set<string>();
  const rulingRows = await eachOf(context, "rulings", rulingRowSchema, (row, place) => {
    name(row, place);
    const number = `${row.decision} ${row.control} ${row.number}`;
    if (numbers.has(number)) tell(context, place, `The finding has two rulings ${row.number}.`);
    numbers.add(number);
    if ((row.basis === "appealed") !== (row.appeal !== null)) {
      tell(context, place, "A ruling answers an appeal if, and only if, that is its basis.");
    }
    rulings.set(row.id, { row, place });
  });
  const appeals = new Map<string, { row: AppealRow; place: Place }>();
  const appealRows = await eachOf(context, "appeals", appealRowSchema, (row, place) => {
    name(row, place);
    appeals.set(row.ref, { row, place });
    if (row.status === "open" ? row.closedBy : !row.closedBy)
      tell(context, place, "Its status and its end disagree.");
    const isAnswered = row.status === "upheld" || row.status === "overturned";
    if (isAnswered && row.closedBy?.id === row.openedBy?.id) {
      tell(context, place, `${row.ref} was answered by the person who appealed.`);
    }
  });
  matchAppeals(context, rulings, appeals);
  const caseRows = await eachOf(context, "cases", caseRowSchema, (row, place) => {
    name(row, place);
    const ruling = rulings.get(row.ruling)?.row;
    if (!ruling) tell(context, place, `Ruling ${row.ruling} is not in rulings.jsonl.`);
    else if (!isSameFinding(ruling, row)) tell(context, place, "Its ruling is of another finding.");
    const digest = toHex(context.hashing.sha256(utf8(canonicalJson(row.facts))));
    if (digest !== row.fact) tell(context, place, "The facts do not have their digest.");
  });
  context.report.checked("rulings, appeals and regression cases", rulingRows + appealRows + caseRows);
}

function isSameFinding(a: Finding, b: Finding): boolean {
  return a.useCase === b.useCase && a.decision === b.decision && a.control === b.control;
}

const RULED = { upheld: "true_positive", overturned: "false_positive" } as const;

/** Every ruling of an appeal has it in the pack, and every appeal that was answered in the period its ruling. */
function matchAppeals(
  context: VerifyContext,
  rulings: ReadonlyMap<string, { row: RulingRow; place: Place }>,
  appeals: ReadonlyMap<string, { row: AppealRow; place: Place }>,
): void {
  const answered = new Set<string>();
  for (const { row, place } of rulings.values()) {
    if (row.appeal === null) continue;
    const appeal = appeals.get(row.appeal)?.row;
    if (!appeal) {
      tell(context, place, `${row.appeal} is not in appeals.jsonl.`);
      continue;
    }
    answered.add(row.appeal);
    const expected = appeal.status in RULED ? RULED[appeal.status as keyof typeof RULED] : null;
    if (!isSameFinding(appeal, row)) tell(context, place, `${row.appeal} is of another finding.`);
    else if (row.answer !== expected)
      tell(context, place, `${row.appeal} is ${appeal.status}; the ruling is not.`);
  }
  const { from, to } = context.manifest.period;
  for (const { row, place } of appeals.values()) {
    const { status, closedAt } = row;
    if (!(status in RULED) || closedAt === null || closedAt < from || closedAt >= to) continue;
    if (!answered.has(row.ref))
      tell(context, place, `The ruling that answered ${row.ref} is not in rulings.jsonl.`);
  }
}

async function verifyPlain(context: VerifyContext, { answers, named }: Records): Promise<void> {
  const incidents = await eachOf(context, "incidents", incidentRowSchema, (row, place) => {
    if (isForeign(context, row.useCase)) tell(context, place, "The use case is not one of the pack's.");
    const isClosed = row.closedBy !== null && row.closedAt !== null;
    if ((row.status === "closed") !== isClosed) tell(context, place, "Its status and its end disagree.");
  });
  const campaigns = await eachOf(context, "campaigns", campaignRowSchema, (row, place) => {
    for (const { exception, useCase, answer, at } of row.items) {
      if (isForeign(context, useCase)) tell(context, place, `${exception} is not of the pack's use cases.`);
      const one: Answer = { ...place, campaign: row.ref, answer, at };
      answers.set(exception, [...(answers.get(exception) ?? []), one]);
      if (answer === "kept" && (at === null || at < row.startedAt)) {
        tell(context, place, `${exception} was kept before ${row.ref} began.`);
      }
    }
  });
  const held = await eachOf(context, "held-requests", heldRowSchema, (row, place) => {
    if (isForeign(context, row.useCase)) tell(context, place, "The use case is not one of the pack's.");
    const { useCase, verdict } = row;
    if ((verdict === null) !== (row.decidedBy === null))
      tell(context, place, "Its verdict is by nobody, or there is none.");
    if (row.usedDecision !== null && verdict !== "granted") {
      tell(context, place, `${row.ref} let a request pass without having been granted.`);
    } else if (row.usedAt !== null && row.decidedAt !== null && row.usedAt < row.decidedAt) {
      tell(context, place, `${row.ref} was used before it was granted.`);
    }
    named.name(context, row.decision, row.heldAt, { ...place, useCase, control: null });
    if (row.usedDecision) {
      named.name(context, row.usedDecision, row.passedAt, { ...place, useCase, control: null });
    }
  });
  context.report.checked("incidents, campaigns and held requests", incidents + campaigns + held);
}

/** Reads each row of a record's file, with its CSV where it has one, and compares their number with the manifest. */
async function eachOf<S extends Parameters<VerifyContext["eachRow"]>[1]>(
  context: VerifyContext,
  name: Exclude<RecordName, "settings" | "floors">,
  schema: S,
  visit: (row: NonNullable<ReturnType<typeof context.row<S>>>, place: Place) => void,
): Promise<number> {
  const csv = name === "cases" || name === "campaigns" ? null : context.csv(name);
  const rows = await context.eachRow(`${name}.jsonl`, schema, async (row, line) => {
    await csv?.add(row as Row);
    visit(row as NonNullable<typeof row>, placed(name, line));
  });
  await csv?.finish();
  context.count(`${name}.jsonl`, name, rows);
  return rows;
}
