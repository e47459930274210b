import { z } from "zod";
import { idSchema, pageSchema, slugSchema, text, UNWRITABLE, WRITABLE } from "@/lib/schema";
import { ANSWERS, APPEAL_STATUSES, BASES } from "./lifecycle";

const control = z.string().min(1).max(300).regex(WRITABLE, UNWRITABLE);
const finding = { decisionId: idSchema, control };

export const ruleFindingSchema = z.strictObject({
  ...finding,
  answer: z.enum(ANSWERS),
  note: text(1000).nullish(),
  /** How many rulings of this finding were on the screen: who has not seen the last one is second. */
  seen: z.int().min(0).max(10_000),
  /** It came from the queue. The server looks whether it is in the sample. */
  sampled: z.boolean().default(false),
});

/** An appeal says what is wrong, so that somebody else can judge it. */
export const openAppealSchema = z.strictObject({ ...finding, reason: text(2000, 20) });

/** An answer says why, to the person who appealed. */
export const answerAppealSchema = z.strictObject({ note: text(1000) });

export const keepCaseSchema = z.strictObject({ ...finding, name: text(120, 3) });
export const retireCaseSchema = z.strictObject({ reason: text(500) });

const filters = { useCase: slugSchema.optional(), control: control.optional() };

export const queueSchema = z.strictObject(filters);

export const listRulingsSchema = pageSchema.extend({
  ...filters,
  answer: z.enum(ANSWERS).optional(),
  basis: z.enum(BASES).optional(),
});

export const listAppealsSchema = pageSchema.extend({
  ...filters,
  status: z.enum(APPEAL_STATUSES).optional(),
});

export const listCasesSchema = pageSchema.extend({
  ...filters,
  state: z.enum(["live", "retired"]).optional(),
});

/** The whole filter as a file, whatever page of it is on the screen. */
const whole = { cursor: z.string().optional(), limit: z.string().optional() };
export const exportRulingsSchema = listRulingsSchema
  .extend(whole)
  .transform(({ cursor: _cursor, limit: _limit, ...filter }): RulingFilter => filter);
export const exportAppealsSchema = listAppealsSchema
  .extend(whole)
  .transform(({ cursor: _cursor, limit: _limit, ...filter }): AppealFilter => filter);

export type RuleFindingInput = z.input<typeof ruleFindingSchema>;
export type OpenAppealInput = z.infer<typeof openAppealSchema>;
export type AnswerAppealInput = z.infer<typeof answerAppealSchema>;
export type KeepCaseInput = z.infer<typeof keepCaseSchema>;
export type RetireCaseInput = z.infer<typeof retireCaseSchema>;
export type QueueInput = z.infer<typeof queueSchema>;
export type ListRulingsInput = z.infer<typeof listRulingsSchema>;
export type ListAppealsInput = z.infer<typeof listAppealsSchema>;
export type ListCasesInput = z.infer<typeof listCasesSchema>;
export type RulingFilter = Omit<ListRulingsInput, "cursor" | "limit">;
export type AppealFilter = Omit<ListAppealsInput, "cursor" | "limit">;
