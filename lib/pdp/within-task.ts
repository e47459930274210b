import { SluiceError } from "@/lib/errors";
import type { Caller } from "./authenticate";
import type { AnyRequest } from "./request";

/**
 * A request under a task credential takes its purpose and task from it. Throws `forbidden` when it states another
 * purpose, task or actor. Its use case is seen to where the caller is made.
 */
export function withinTask(
  request: AnyRequest,
  { task }: Caller,
  hashActor: (actorId: string) => string,
): AnyRequest {
  if (task === undefined) return request;
  for (const name of ["purpose", "task"] as const) {
    if (request[name] !== undefined && request[name] !== task[name]) throw another(name);
  }
  const { actor } = request;
  if (actor !== undefined && task.actorHash !== null && hashActor(actor.id) !== task.actorHash) {
    throw another("actor");
  }
  return { ...request, purpose: task.purpose, task: task.task };
}

function another(name: string): SluiceError {
  return new SluiceError("forbidden", `The task credential is for another ${name}.`, {
    fields: [{ path: name, message: "must be that of the task credential, or absent" }],
  });
}
