import { uuidv7 } from "uuidv7";
import { type Ctx, inTransaction, requirePermission } from "@/lib/access/context";
import { hashPassword } from "@/lib/access/password";
import type { Role } from "@/lib/access/permissions";
import { recordEntry } from "@/lib/audit/record";
import { isUniqueViolation, type Tx } from "@/lib/db/prisma";
import { SluiceError } from "@/lib/errors";
import { getPerson } from "./queries";
import type { CreatePersonInput } from "./schema";
import type { PersonView } from "./views";

/** Makes an account with an initial password, which the admin hands over. `conflict` when the address is taken. */
export async function createPerson(ctx: Ctx, input: CreatePersonInput): Promise<PersonView> {
  const admin = requirePermission(ctx, "people:manage");
  const passwordHash = await hashPassword(input.password);
  const id = uuidv7();
  await inTransaction(ctx, async (tx) => {
    const { email, name, roles } = input;
    await insertPerson(tx, ctx.now, { id, email, name, roles, passwordHash, createdById: admin.id });
    await recordEntry(tx, ctx, {
      action: "person.created",
      subject: { kind: "person", id },
      detail: { name: input.name, roles: input.roles },
    });
  }).catch(refuseTakenAddress);
  return getPerson(ctx, { id });
}

interface NewPerson {
  id: string;
  email: string;
  name: string;
  roles: readonly Role[];
  passwordHash: string;
  createdById: string | null;
}

/** Writes a person with roles, made by another (null: by the setup link); the caller writes the audit entry. */
export async function insertPerson(tx: Tx, now: Date, { roles, ...person }: NewPerson): Promise<void> {
  const grants = roles.map((role) => ({ role, grantedAt: now, grantedById: person.createdById }));
  await tx.person.create({ data: { ...person, createdAt: now, roles: { create: grants } } });
}

/** A violated unique constraint becomes `conflict` naming the field. */
export function refuseTakenAddress(error: unknown): never {
  if (!isUniqueViolation(error)) throw error;
  throw new SluiceError("conflict", "Somebody has this e-mail address already.", {
    fields: [{ path: "email", message: "is taken" }],
    cause: error,
  });
}
