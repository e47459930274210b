import type { Look, Pattern } from "./looks";

const SIZE = 6;

/** The `fill` that refers to a pattern of `PatternDefs` with the same prefix. */
export function patternFill(prefix: string, look: Look): string {
  return look.pattern === "solid" ? look.colour : `url(#${prefix}-${look.key})`;
}

/** Definitions of the patterns of these looks, to stand inside an svg. */
export function PatternDefs({ prefix, looks }: { prefix: string; looks: readonly Look[] }) {
  return (
    <defs>
      {looks.map(({ key, colour, pattern }) => (
        <pattern
          key={key}
          id={`${prefix}-${key}`}
          width={SIZE}
          height={SIZE}
          patternUnits="userSpaceOnUse"
          patternTransform={pattern === "diagonal" || pattern === "cross" ? "rotate(45)" : undefined}
        >
          <rect width={SIZE} height={SIZE} fill={colour} fillOpacity={0.35} />
          <Marks pattern={pattern} colour={colour} />
        </pattern>
      ))}
    </defs>
  );
}

function Marks({ pattern, colour }: { pattern: Pattern; colour: string }) {
  const line = { stroke: colour, strokeWidth: 2 };
  if (pattern === "dots") return <circle cx={SIZE / 2} cy={SIZE / 2} r={1.5} fill={colour} />;
  return (
    <>
      {pattern !== "horizontal" && <line x1={1} y1={0} x2={1} y2={SIZE} {...line} />}
      {(pattern === "horizontal" || pattern === "cross") && <line x1={0} y1={1} x2={SIZE} y2={1} {...line} />}
    </>
  );
}
