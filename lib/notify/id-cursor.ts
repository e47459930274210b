import { decodeCursor } from "@/lib/db/keyset";
import { SluiceError } from "@/lib/errors";
import { idSchema } from "@/lib/schema";

/** The id in the cursor of a list that is sorted by id; undefined without one, `invalid` when it is not one of ours. */
export function decodeIdCursor(cursor: string | undefined): string | undefined {
  const id = decodeCursor(cursor, "string");
  if (id === undefined || idSchema.safeParse(id).success) return id;
  throw new SluiceError("invalid", "The cursor is not one of this list.", {
    fields: [{ path: "cursor", message: "is not one of this list" }],
  });
}
