export interface DiffLine {
  kind: "same" | "removed" | "added";
  text: string;
  /** Line number before and after; null on the side where the line does not stand. */
  before: number | null;
  after: number | null;
}

/** Above this many cells of the table, lines between common start and end are said to be replaced as a whole. */
const MAX_CELLS = 4_000_000;

/** The lines of two texts as one list: longest common subsequence, removals before additions. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const a = before.split("\n");
  const b = after.split("\n");
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const kinds = [
    ...Array<DiffLine["kind"]>(start).fill("same"),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...Array<DiffLine["kind"]>(end).fill("same"),
  ];
  let left = 0;
  let right = 0;
  return kinds.map((kind) => {
    const text = (kind === "added" ? b[right] : a[left]) ?? "";
    const line = {
      kind,
      text,
      before: kind === "added" ? null : left + 1,
      after: kind === "removed" ? null : right + 1,
    };
    if (kind !== "added") left++;
    if (kind !== "removed") right++;
    return line;
  });
}

function middle(a: string[], b: string[]): DiffLine["kind"][] {
  if (a.length * b.length > MAX_CELLS || a.length === 0 || b.length === 0) {
    return [...a.map(() => "removed" as const), ...b.map(() => "added" as const)];
  }
  const width = b.length + 1;
  const common = new Uint32Array((a.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const kinds: DiffLine["kind"][] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      kinds.push("same");
      i++;
      j++;
    } else if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) {
      kinds.push("removed");
      i++;
    } else {
      kinds.push("added");
      j++;
    }
  }
  return kinds;
}

/** Keeps the changed lines and `around` lines on each side; a `null` stands where lines were left out. */
export function withContext(lines: readonly DiffLine[], around: number): (DiffLine | null)[] {
  const near = new Set<number>();
  lines.forEach((line, index) => {
    if (line.kind === "same") return;
    for (let at = index - around; at <= index + around; at++) near.add(at);
  });
  const shown: (DiffLine | null)[] = [];
  lines.forEach((line, index) => {
    if (near.has(index)) shown.push(line);
    else if (shown.at(-1) !== null || shown.length === 0) shown.push(null);
  });
  return shown;
}
