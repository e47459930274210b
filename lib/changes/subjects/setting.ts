import { uuidv7 } from "uuidv7";
import type { Db, Tx } from "@/lib/db/prisma";
import { fieldErrors, SluiceError } from "@/lib/errors";
import { canonicalJson } from "@/lib/policy/canonical";
import { sha256Hex } from "@/lib/policy/digest";
import { type Shape, valueAt, withValue } from "@/lib/policy/merge";
import { findUnwritable, UNWRITABLE } from "@/lib/schema";
import { compareSetting, settingFieldTitle } from "@/lib/settings/rules";
import {
  initialValue,
  parseSetting,
  SETTINGS,
  type SettingKey,
  type SettingValue,
} from "@/lib/settings/schema";
import type { Subject } from "./subject";

type Value = SettingValue<SettingKey>;

type Freezes = SettingValue<"freezes">;

/** A window that names a use case which does not exist would freeze nothing, and nobody would notice. */
async function assertUseCases(db: Db | Tx, base: Freezes, proposal: Freezes): Promise<void> {
  const before = new Set(base.windows.flatMap(({ useCases }) => useCases ?? []));
  const slugs = proposal.windows
    .flatMap(({ useCases }) => useCases ?? [])
    .filter((slug) => !before.has(slug));
  const found = await db.useCase.findMany({ where: { slug: { in: slugs } }, select: { slug: true } });
  const known = new Set([...before, ...found.map(({ slug }) => slug)]);
  const fields = proposal.windows.flatMap(({ useCases }, index) => {
    const strange = useCases?.filter((slug) => !known.has(slug)) ?? [];
    const message = `there is no use case ${strange.map((slug) => `"${slug}"`).join(", ")}`;
    return strange.length > 0 ? [{ path: `proposal.windows.${index}.useCases`, message }] : [];
  });
  if (fields.length > 0) throw new SluiceError("invalid", "Some fields are not valid.", { fields });
}

/** A setting of governance. */
export function settingSubject(key: SettingKey): Subject<Value> {
  const compare = (from: Value, to: Value) => compareSetting(key, from, to);
  const shape: Shape<Value> = {
    moved: (from, to) => compare(from, to).moves.map(({ path }) => path),
    at: valueAt,
    put: withValue,
    title: (path) => settingFieldTitle(path) ?? path,
  };
  return {
    kind: "setting",
    key,
    title: SETTINGS[key].title,
    useCase: null,
    concerns: async () => [],
    async currentNumber(db) {
      const newest = await db.settingVersion.findFirst({
        where: { key },
        orderBy: { number: "desc" },
        select: { number: true },
      });
      return newest?.number ?? 0;
    },
    async read(db, number) {
      if (number === 0) return initialValue(key);
      const version = await db.settingVersion.findUnique({ where: { key_number: { key, number } } });
      if (!version) throw new SluiceError("not_found", `There is no version ${number} of this setting.`);
      return parseSetting(key, version.value);
    },
    parse(proposal) {
      const parsed = SETTINGS[key].schema.safeParse(proposal);
      const fields = parsed.success
        ? []
        : fieldErrors(parsed.error.issues).map(({ path, message }) => ({
            path: path ? `proposal.${path}` : "proposal",
            message,
          }));
      const unwritable = parsed.success ? findUnwritable(parsed.data) : null;
      if (unwritable) fields.push({ path: ["proposal", ...unwritable].join("."), message: UNWRITABLE });
      if (fields.length > 0) throw new SluiceError("invalid", "Some fields are not valid.", { fields });
      return parsed.data as Value;
    },
    async assertKnown(db, base, proposal) {
      if (key === "freezes") await assertUseCases(db, base as Freezes, proposal as Freezes);
    },
    check() {},
    compare,
    shape,
    measure: async () => ({ impact: null, floorImpact: null, readiness: null }),
    async install(tx, { number, content, changeId, at }) {
      const digest = `sha256:${sha256Hex(canonicalJson(content))}`;
      await tx.settingVersion.create({
        data: { id: uuidv7(), key, number, value: content, digest, effectiveFrom: at, changeId },
      });
      return digest;
    },
  };
}
