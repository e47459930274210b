import {
  Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
  parseDocument,
  visit,
  type YAMLMap,
} from "yaml";
import type { z } from "zod";
import { type FieldError, SluiceError } from "@/lib/errors";
import { type PolicyDocument, policyDocumentSchema } from "@/lib/policy/document";
import { findUnwritable } from "@/lib/schema";

/** A policy document as text: YAML 1.2, of which JSON is a part. */

/** A text may have this many characters; the largest policy document that the console takes is shorter. */
const LONGEST = 524_288;
/** Deeper than any policy document; what is deeper is there to break something. */
const DEEPEST = 32;

/** No more mistakes than this are told at once. */
const MOST_FIELDS = 50;

export interface ParsedPolicy {
  document: PolicyDocument;
  /** Does something with the document; what it throws names the lines of the text beside its paths. */
  locating: <T>(work: () => Promise<T>) => Promise<T>;
}

/** The document as YAML: always the same bytes for the same document, keys in the order of the schema. */
export function printPolicy(document: PolicyDocument, comments: readonly string[] = []): string {
  const { controls, ...rest } = policyDocumentSchema.parse(document);
  const sorted = Object.fromEntries(Object.entries(controls).sort(([a], [b]) => (a < b ? -1 : 1)));
  const yaml = new Document(
    Object.fromEntries(
      Object.entries({ ...rest, controls: sorted }).sort(([a], [b]) => KEYS.indexOf(a) - KEYS.indexOf(b)),
    ),
    { aliasDuplicateObjects: false },
  );
  const header = comments.map((line) => `# ${line}\n`).join("");
  return header + yaml.toString({ lineWidth: 0, blockQuote: "literal" });
}

const KEYS: readonly string[] = Object.keys(policyDocumentSchema.shape);

/**
 * Reads a policy document. Throws `too_large`, or `invalid` with the path and line of each thing that is wrong. Tags,
 * anchors and aliases are refused: a document says what it says where it says it.
 */
export function parsePolicy(text: string): ParsedPolicy {
  if (text.length > LONGEST) {
    throw new SluiceError("too_large", `A policy has at most ${LONGEST / 1024} Ki characters.`);
  }
  assertShallow(text);
  const lines = new LineCounter();
  const yaml = readYaml(text, lines);
  const parsed = policyDocumentSchema.superRefine(refuseUnwritable).safeParse(yaml.toJS());
  if (!parsed.success) {
    const fields = parsed.error.issues
      .flatMap(pathsOf)
      .slice(0, MOST_FIELDS)
      .map(({ path, message }) => withLine({ path: path.join("."), message }, lineOf(yaml, lines, path)));
    throw new SluiceError("invalid", "The policy is not valid.", { fields });
  }
  return {
    document: parsed.data,
    locating: async (work) => {
      try {
        return await work();
      } catch (error) {
        throw withLines(error, (path) => lineOf(yaml, lines, path.split(".")));
      }
    },
  };
}

function readYaml(text: string, lines: LineCounter): Document.Parsed {
  const yaml = attempt(() => {
    const document = parseDocument(text, {
      version: "1.2",
      schema: "core",
      customTags: null,
      merge: false,
      // Its own check compares each key with every other; `refusedNode` takes linear time.
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "error",
      lineCounter: lines,
    });
    return { document, refused: refusedNode(document) };
  });
  const [problem] = [...yaml.document.errors, ...yaml.document.warnings];
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw notYaml(`line ${line}, column ${col}: ${problem.message}`.slice(0, 300));
  }
  if (yaml.refused) {
    const { line } = lines.linePos(yaml.refused.at);
    throw notYaml(`line ${line}: ${yaml.refused.what}`);
  }
  return yaml.document;
}

function attempt<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw new SluiceError("invalid", "The policy cannot be read.", {
      fields: [{ path: "policy", message: "is no YAML that can be read" }],
      cause,
    });
  }
}

interface Refused {
  at: number;
  what: string;
}

/** The first anchor, alias, tag, or key that stands twice or is no plain text. */
function refusedNode(document: Document.Parsed): Refused | null {
  let found: Refused | null = null;
  visit(document, (_, node) => {
    if (!isNode(node)) return undefined;
    const at = node.range?.[0] ?? 0;
    const what = refusalOf(node);
    found = what ? { at, what } : isMap(node) ? refusedKey(node, at) : null;
    return found ? visit.BREAK : undefined;
  });
  return found;
}

function refusalOf(node: Node): string | null {
  if (isAlias(node)) return "an alias is not read here: write the value out";
  if ("anchor" in node && node.anchor !== undefined) return "an anchor is not read here";
  return node.tag === undefined ? null : "a tag is not read here";
}

function refusedKey({ items }: YAMLMap, at: number): Refused | null {
  const seen = new Set<string>();
  for (const { key } of items) {
    if (!isScalar(key)) return { at, what: "a key must be a text" };
    const name = String(key.value);
    if (seen.has(name)) return { at: key.range?.[0] ?? at, what: "this key stands here twice" };
    seen.add(name);
  }
  return null;
}

/** Throws `invalid` for a text that opens more at once than any policy does, before anything recurses into it. */
function assertShallow(text: string): void {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    for (const _ of parser.next(lexeme));
    if (parser.stack.length > DEEPEST) throw notYaml("is nested too deep");
  }
}

function notYaml(message: string): SluiceError {
  return new SluiceError("invalid", `The policy cannot be read: ${message}.`, {
    fields: [{ path: "policy", message }],
  });
}

function refuseUnwritable(document: PolicyDocument, ctx: z.RefinementCtx): void {
  const path = findUnwritable(document);
  if (path) ctx.addIssue({ code: "custom", path, message: "must not hold control characters" });
}

function pathsOf(issue: z.core.$ZodIssue): { path: string[]; message: string }[] {
  const path = issue.path.map(String);
  if (issue.code !== "unrecognized_keys") return [{ path, message: issue.message }];
  return issue.keys.map((key) => ({ path: [...path, key], message: "there is no such field" }));
}

/** Commands name their fields below `proposal`. */
function withLines(error: unknown, lineAt: (path: string) => number | null): unknown {
  if (!(error instanceof SluiceError) || error.fields.length === 0) return error;
  const fields = error.fields.map(({ path, message }) => {
    const own = path.replace(/^proposal\./, "");
    return withLine({ path: own, message }, lineAt(own));
  });
  const { code, message, rule, retryAfterSeconds } = error;
  return new SluiceError(code, message, {
    fields,
    cause: error,
    ...(rule === undefined ? {} : { rule }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

function withLine({ path, message }: FieldError, line: number | null): FieldError {
  return { path, message: line === null ? message : `line ${line}: ${message}` };
}

/** The line on which a path stands, or the nearest part of it that is there; null for a text without content. */
function lineOf(yaml: Document.Parsed, lines: LineCounter, path: readonly string[]): number | null {
  let node: unknown = yaml.contents;
  let at = yaml.contents?.range[0];
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
      if (!pair) break;
      at = (isScalar(pair.key) ? pair.key.range?.[0] : undefined) ?? at;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      at = (isScalar(node) || isMap(node) || isSeq(node) ? node.range?.[0] : undefined) ?? at;
    } else break;
  }
  return at === undefined ? null : lines.linePos(at).line;
}
