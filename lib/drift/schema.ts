import { z } from "zod";
import { pageSchema, slugSchema, text, UNWRITABLE, WRITABLE } from "@/lib/schema";
import { DRIFT_STATES, INCIDENT_STATUSES } from "./lifecycle";
import { DRIFT_DIMENSIONS } from "./rules";

/** How many days back traffic is looked at. */
export const DRIFT_DAYS = [7, 30, 90] as const;
export const USUAL_DAYS = 30;

const days = z.coerce
  .number()
  .pipe(z.literal([...DRIFT_DAYS]))
  .default(USUAL_DAYS);

const driftFilterShape = {
  useCase: slugSchema.optional(),
  dimension: z.enum(DRIFT_DIMENSIONS).optional(),
  /** How it stands at the moment of the question; `waiting` is the queue. */
  state: z.enum(DRIFT_STATES).default("waiting"),
  days,
};

export const listDriftSchema = pageSchema.extend(driftFilterShape);

/** The whole queue as a file: the filter, whatever page of it is on the screen. */
export const exportDriftSchema = listDriftSchema
  .omit({ cursor: true, limit: true })
  .extend({ cursor: z.string().optional(), limit: z.string().optional() })
  .transform(({ cursor: _cursor, limit: _limit, ...filter }): DriftFilter => filter);

export const listIncidentsSchema = pageSchema.extend({
  status: z.enum(INCIDENT_STATUSES).optional(),
  useCase: slugSchema.optional(),
});

export const markIncidentSchema = z.strictObject({
  useCase: slugSchema,
  dimension: z.enum(DRIFT_DIMENSIONS),
  value: z.string().min(1).max(1000).regex(WRITABLE, UNWRITABLE),
  /** What is feared, and what is done about it. */
  note: text(2000, 10),
});

/** What it was, and what was done. */
export const closeIncidentSchema = z.strictObject({ note: text(2000, 10) });

export type DriftFilter = z.output<z.ZodObject<typeof driftFilterShape>>;
export type ListDriftInput = z.output<typeof listDriftSchema>;
export type ListIncidentsInput = z.output<typeof listIncidentsSchema>;
export type MarkIncidentInput = z.infer<typeof markIncidentSchema>;
export type CloseIncidentInput = z.infer<typeof closeIncidentSchema>;
