import { alternativesOf, anyOf } from "../when";
import { moveOf, type Order } from "./order";

const parts = (when: string | undefined) => (when === undefined ? [] : alternativesOf(when));

/**
 * The condition of a custom control, as the set of its alternatives: one more fires more (stricter), one less fires
 * less; a changed one is one less and one more, so mixed. What two conditions have in common beyond their text is
 * not looked for.
 */
export const condition: Order<string | undefined> = {
  move(from, to) {
    const [before, after] = [parts(from), parts(to)];
    const gained = after.some((part) => !before.includes(part));
    const lost = before.some((part) => !after.includes(part));
    return moveOf(gained, lost, from !== to);
  },
  join(a, b) {
    const either = [...new Set([...parts(a), ...parts(b)])].sort();
    return anyOf(either.length > 1 ? either.map((part) => `(${part})`) : either);
  },
};
