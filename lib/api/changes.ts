import { createRoute, z } from "@hono/zod-openapi";
import { acceptConditions } from "@/lib/changes/accept-conditions";
import { applyChange } from "@/lib/changes/apply-change";
import { approveChange } from "@/lib/changes/approve-change";
import { askReviewers } from "@/lib/changes/ask-reviewers";
import { breakGlass } from "@/lib/changes/break-glass";
import { commentChange } from "@/lib/changes/comment-change";
import { draftChange } from "@/lib/changes/draft-change";
import { editChange } from "@/lib/changes/edit-change";
import { measureChange } from "@/lib/changes/measure-change";
import { getChange, listChanges } from "@/lib/changes/queries";
import { getRebase, rebaseChange } from "@/lib/changes/rebase-change";
import { rejectChange } from "@/lib/changes/reject-change";
import { rollBackChange } from "@/lib/changes/roll-back-change";
import { scheduleChange, unscheduleChange } from "@/lib/changes/schedule-change";
import {
  acceptConditionsSchema,
  approveChangeSchema,
  askReviewersSchema,
  breakGlassSchema,
  commentChangeSchema,
  draftChangeSchema,
  editChangeSchema,
  listChangesSchema,
  rebaseChangeSchema,
  rejectChangeSchema,
  reviewChangeSchema,
  rollBackChangeSchema,
  scheduleChangeSchema,
  withdrawChangeSchema,
} from "@/lib/changes/schema";
import { reviewChange } from "@/lib/changes/step-back";
import { submitChange } from "@/lib/changes/submit-change";
import type { ChangeSummary, ChangeView, RebaseView } from "@/lib/changes/views";
import { withdrawChange } from "@/lib/changes/withdraw-change";
import { SluiceError } from "@/lib/errors";
import { keySchema, type Page } from "@/lib/schema";
import { apiApp } from "./environment";
import { body, json, PROBLEMS, view } from "./respond";

/** An id, or the reference that people see (`CHG-204`). */
const params = z.object({ id: keySchema });
/**
 * The entity tag of the change that was seen. It is asked for by everything that decides on a change or moves it, so
 * that nobody approves what they have not seen; a missing one has a status of its own (428), told once the body is well.
 */
const revision: z.ZodType<string | undefined, string | undefined> = z
  .string()
  .max(300)
  .optional()
  .openapi({
    param: { required: true },
    description:
      "The entity tag (`ETag`, `revision`) of the change as you read it. When another stands: 412.",
  });
const headers = z.object({ "if-match": revision });

/** Throws `precondition_required` when the caller does not say which revision they saw. */
function seenIn({ "if-match": seen }: z.output<typeof headers>): { seen: string } {
  if (seen !== undefined && seen.trim() !== "*") return { seen };
  throw new SluiceError(
    "precondition_required",
    "Say which revision of the change you saw: read it, and send its ETag in the header If-Match.",
  );
}

const change = {
  200: json(view<ChangeView>(), "The change as it stands, its entity tag in `ETag`."),
  ...PROBLEMS,
};

/** A move without a body. */
const plain = <P extends string>(path: P, summary: string) =>
  createRoute({
    method: "post",
    path,
    tags: ["Changes"],
    summary,
    request: { params, headers },
    responses: change,
  });

/** A move that says something. */
const saying = <P extends string, T extends z.ZodType>(path: P, summary: string, schema: T) =>
  createRoute({
    method: "post",
    path,
    tags: ["Changes"],
    summary,
    request: { params, headers, ...body(schema) },
    responses: change,
  });

/** What is said beside a change: it moves nothing, so any revision will do. */
const beside = <P extends string, T extends z.ZodType>(path: P, summary: string, schema: T) =>
  createRoute({
    method: "post",
    path,
    tags: ["Changes"],
    summary,
    request: { params, ...body(schema) },
    responses: change,
  });

const list = createRoute({
  method: "get",
  path: "/changes",
  tags: ["Changes"],
  summary: "List change requests",
  request: { query: listChangesSchema },
  responses: { 200: json(view<Page<ChangeSummary>>(), "Change requests, newest first."), ...PROBLEMS },
});
const draft = createRoute({
  method: "post",
  path: "/changes",
  tags: ["Changes"],
  summary: "Draft a change of a policy, a floor or a setting",
  request: body(draftChangeSchema),
  responses: { 201: json(view<ChangeView>(), "The draft."), ...PROBLEMS },
});
const read = createRoute({
  method: "get",
  path: "/changes/{id}",
  tags: ["Changes"],
  summary: "Read a change request",
  request: { params },
  responses: change,
});
const edit = createRoute({
  method: "put",
  path: "/changes/{id}",
  tags: ["Changes"],
  summary: "Edit your change",
  request: { params, headers, ...body(editChangeSchema) },
  responses: change,
});
const rebaseView = createRoute({
  method: "get",
  path: "/changes/{id}/rebase",
  tags: ["Changes"],
  summary: "Show what rebasing would do, field by field",
  request: { params },
  responses: { 200: json(view<RebaseView>(), "Both sides of every field that moved."), ...PROBLEMS },
});
const submit = plain("/changes/{id}/submit", "Submit your draft");
const measure = plain("/changes/{id}/measure", "Measure impact and readiness anew");
const apply = plain("/changes/{id}/apply", "Apply an approved change");
const unschedule = plain("/changes/{id}/unschedule", "Take the scheduled time away");
const rebase = saying(
  "/changes/{id}/rebase",
  "Rebase your change onto the version in force",
  rebaseChangeSchema,
);
const approve = saying("/changes/{id}/approve", "Approve a change", approveChangeSchema);
const accept = saying("/changes/{id}/accept", "Accept unmet conditions of readiness", acceptConditionsSchema);
const reject = saying("/changes/{id}/reject", "Reject a change", rejectChangeSchema);
const withdraw = saying("/changes/{id}/withdraw", "Withdraw your change", withdrawChangeSchema);
const schedule = saying("/changes/{id}/schedule", "Schedule an approved change", scheduleChangeSchema);
const rollBack = saying("/changes/{id}/rollback", "Propose what stood before", rollBackChangeSchema);
const glass = saying("/changes/{id}/break-glass", "Apply at once, without seats", breakGlassSchema);
const review = saying("/changes/{id}/review", "Review a change that broke the glass", reviewChangeSchema);
const reviewers = beside("/changes/{id}/reviewers", "Ask people to look at a change", askReviewersSchema);
const comment = beside("/changes/{id}/comments", "Comment on a change", commentChangeSchema);

/** The change, with its entity tag. */
function answer(c: { header(name: string, value: string): void }, after: ChangeView): ChangeView {
  c.header("etag", after.revision);
  return after;
}

export const changeRoutes = apiApp()
  .openapi(list, async (c) => c.json(await listChanges(c.get("ctx"), c.req.valid("query")), 200))
  .openapi(draft, async (c) => c.json(answer(c, await draftChange(c.get("ctx"), c.req.valid("json"))), 201))
  .openapi(read, async (c) => c.json(answer(c, await getChange(c.get("ctx"), c.req.valid("param"))), 200))
  .openapi(rebaseView, async (c) => c.json(await getRebase(c.get("ctx"), c.req.valid("param")), 200))
  .openapi(edit, async (c) =>
    c.json(
      answer(
        c,
        await editChange(c.get("ctx"), {
          ...c.req.valid("json"),
          ...c.req.valid("param"),
          ...seenIn(c.req.valid("header")),
        }),
      ),
      200,
    ),
  )
  .openapi(rebase, async (c) =>
    c.json(
      answer(
        c,
        await rebaseChange(c.get("ctx"), {
          ...c.req.valid("json"),
          ...c.req.valid("param"),
          ...seenIn(c.req.valid("header")),
        }),
      ),
      200,
    ),
  )
  .openapi(submit, async (c) =>
    c.json(
      answer(
        c,
        await submitChange(c.get("ctx"), { ...c.req.valid("param"), ...seenIn(c.req.valid("header")) }),
      ),
      200,
    ),
  )
  .openapi(measure, async (c) =>
    c.json(
      answer(
        c,
        await measureChange(c.get("ctx"), { ...c.req.valid("param"), ...seenIn(c.req.valid("header")) }),
      ),
      200,
    ),
  )
  .openapi(approve, async (c) =>
    c.json(
      answer(
        c,
        await approveChange(c.get("ctx"), {
          ...c.req.valid("json"),
          ...c.req.valid("param"),
          ...seenIn(c.req.valid("header")),
        }),
      ),
      200,
    ),
  )
  .openapi(accept, async (c) =>
    c.json(
      answer(
        c,
        await acceptConditions(c.get("ctx"), {
          ...c.req.valid("json"),
          ...c.req.valid("param"),
          ...seenIn(c.req.valid("header")),
        }),
      ),
      200,
    ),
  )
  .openapi(reject, async (c) =>
    c.json(
      answer(
        c,
        await rejectChange(c.get("ctx"), {
          ...c.req.valid("json"),
          ...c.req.valid("param"),
          ...seenIn(c.req.valid("header")),
        }),
      ),
      200,
    ),
  )
  .openapi(withdraw, async (c) =>
    c.json(
      answer(
        c,
        await withdrawChange(c.get("ctx"), {
          ...c.req.valid("json"),
          ...c.req.valid("param"),
          ...seenIn(c.req.valid("header")),
        }),
      ),
      200,
    ),
  )
  .openapi(schedule, async (c) =>
    c.json(
      answer(
        c,
        await scheduleChange(c.get("ctx"), {
          ...c.req.valid("json"),
          ...c.req.valid("param"),
          ...seenIn(c.req.valid("header")),
        }),
      ),
      200,
    ),
  )
  .openapi(unschedule, async (c) =>
    c.json(
      answer(
        c,
        await unscheduleChange(c.get("ctx"), { ...c.req.valid("param"), ...seenIn(c.req.valid("header")) }),
      ),
      200,
    ),
  )
  .openapi(apply, async (c) =>
    c.json(
      answer(
        c,
        await applyChange(c.get("ctx"), { ...c.req.valid("param"), ...seenIn(c.req.valid("header")) }),
      ),
      200,
    ),
  )
  .openapi(rollBack, async (c) =>
    c.json(
      answer(
        c,
        await rollBackChange(c.get("ctx"), {
          ...c.req.valid("json"),
          ...c.req.valid("param"),
          ...seenIn(c.req.valid("header")),
        }),
      ),
      200,
    ),
  )
  .openapi(glass, async (c) =>
    c.json(
      answer(
        c,
        await breakGlass(c.get("ctx"), {
          ...c.req.valid("json"),
          ...c.req.valid("param"),
          ...seenIn(c.req.valid("header")),
        }),
      ),
      200,
    ),
  )
  .openapi(review, async (c) =>
    c.json(
      answer(
        c,
        await reviewChange(c.get("ctx"), {
          ...c.req.valid("json"),
          ...c.req.valid("param"),
          ...seenIn(c.req.valid("header")),
        }),
      ),
      200,
    ),
  )
  .openapi(reviewers, async (c) =>
    c.json(
      answer(
        c,
        await askReviewers(c.get("ctx"), {
          ...c.req.valid("json"),
          ...c.req.valid("param"),
        }),
      ),
      200,
    ),
  )
  .openapi(comment, async (c) =>
    c.json(
      answer(
        c,
        await commentChange(c.get("ctx"), {
          ...c.req.valid("json"),
          ...c.req.valid("param"),
        }),
      ),
      200,
    ),
  );
