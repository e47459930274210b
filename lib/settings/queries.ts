import type { Db, Tx } from "@/lib/db/prisma";
import { initialValue, parseSetting, type SettingKey, type SettingValue } from "./schema";

/** A setting of governance as it stood at an instant; the initial value is number 0. */
export async function getSetting<K extends SettingKey>(
  db: Db | Tx,
  key: K,
  at: Date,
): Promise<{ number: number; value: SettingValue<K> }> {
  const version = await db.settingVersion.findFirst({
    where: { key, effectiveFrom: { lte: at } },
    orderBy: { number: "desc" },
  });
  if (!version) return { number: 0, value: initialValue(key) };
  return { number: version.number, value: parseSetting(key, version.value) };
}
