#!/usr/bin/env node
// @ts-check
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";

/**
 * `sluice policy`: reads, compares and proposes the policy of a use case from a repository. One file for Node 20 and
 * later, without dependencies. It can propose a change request and never put one in force.
 */
const USAGE = `sluice policy: a repository proposes policy, people decide

  sluice policy get                   --use-case NAME [--out FILE] [--json]
  sluice policy diff FILE             --use-case NAME [--json]
  sluice policy propose FILE          --use-case NAME --message WHY [--submit] [--wait]
                                      [--change CHG-12] [--base VERSION] [--timeout MINUTES] [--json]
  sluice policy status CHG-12         [--wait] [--timeout MINUTES] [--json]

Environment
  SLUICE_URL     address of the console, such as https://sluice.example.com
  SLUICE_TOKEN   a personal access token: scope read for get, diff and status, propose for propose
  SLUICE_ALLOW_HTTP=1   send the token over plain HTTP to another machine too (not advised)

FILE is YAML as "get" writes it; "-" reads standard input. An edit starts from the version that the comment lines
of FILE name, unless --base names another.

Exit codes
  0  same (diff) · proposed (propose) · approved, scheduled or applied (status, --wait)
  1  error: nothing is known; stop
  2  it differs (diff)
  3  people have yet to decide (status, --wait)
  4  rejected or withdrawn (status, --wait)
  5  it stands still: the policy moved since, or it was suspended (status, --wait)
`;

const EXIT = { done: 0, error: 1, differs: 2, waiting: 3, refused: 4, stuck: 5 };

/** @typedef {{ path: string, label: string, direction: string }} Move */
/** @typedef {{ title: string, text: string, met: boolean }} Condition */
/** @typedef {{ title: string, eligible: (string | { name: string })[], filledBy: string | { name: string } | null }} Seat */
/**
 * @typedef {object} Change
 * @property {string} ref
 * @property {string} status
 * @property {string} direction
 * @property {boolean} [conflicted]
 * @property {string | null} [blockedBy]
 * @property {Seat[]} seats
 * @property {Move[]} moves
 * @property {{ readiness?: { conditions: Condition[] } | null } | null} [evidence]
 * @property {{ name: string } | null} [useCase]
 */
/**
 * @typedef {object} Proposal
 * @property {"created" | "existing" | "updated" | "unchanged"} outcome
 * @property {string} useCase
 * @property {number} version
 * @property {null | (Omit<Change, "evidence" | "useCase"> & {
 *   waitsFor: string | null,
 *   impact: null | { decisions: number, stricter: number, looser: number, notReplayable: number },
 * })} change
 */
/**
 * @typedef {object} Comparison
 * @property {string} useCase
 * @property {number} version
 * @property {boolean} same
 * @property {string} direction
 * @property {Move[]} moves
 * @property {{ direction: string, moves: Move[] }} effective
 */

/** What went wrong, to be told without a stack. */
class Trouble extends Error {}

const token = (process.env["SLUICE_TOKEN"] ?? "").trim();

/** @param {string} text */
function say(text) {
  process.stdout.write(`${safe(text)}\n`);
}

/**
 * Text from elsewhere on a terminal: without control characters, and never with the token.
 * @param {string} text
 */
function safe(text) {
  const hidden = token === "" ? text : text.replaceAll(token, "[token]");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return hidden.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, " ");
}

/** The console's address; a token goes over TLS, or to this machine. */
function consoleUrl() {
  const text = process.env["SLUICE_URL"] ?? "";
  if (!URL.canParse(text)) throw new Trouble("Set SLUICE_URL to the address of the console.");
  const url = new URL(text);
  const isHere = /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  const isAllowed = url.protocol === "https:" || isHere || process.env["SLUICE_ALLOW_HTTP"] === "1";
  if (!/^https?:$/.test(url.protocol) || !isAllowed)
    throw new Trouble("SLUICE_URL must be https: over plain HTTP anybody on the way reads the token.");
  if (url.username || url.password) throw new Trouble("SLUICE_URL must hold no name or password.");
  return url.href.replace(/[?#].*$/, "").replace(/\/+$/, "");
}

function assertToken() {
  if (!/^slp_[a-z0-9]{8}_[\w-]{43}$/.test(token))
    throw new Trouble(
      "Set SLUICE_TOKEN to a personal access token (Settings → Access tokens in the console).",
    );
}

/**
 * Calls the API. Waits and asks again, a few times, when the console is busy or away for a moment: every call here
 * may be repeated.
 * @param {string} method
 * @param {string} path
 * @param {{ body?: string, headers?: Record<string, string> }} [more]
 * @returns {Promise<string>}
 */
async function call(method, path, { body, headers = {} } = {}) {
  const url = `${consoleUrl()}/api/v1${path}`;
  for (let tries = 1; ; tries++) {
    const response = await fetch(url, {
      method,
      headers: { accept: "application/json", ...headers, authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body }),
      redirect: "manual",
      signal: AbortSignal.timeout(60_000),
    }).catch((error) => {
      throw new Trouble(`${new URL(url).host} does not answer (${reasonOf(error)}).`);
    });
    if (response.status >= 300 && response.status < 400)
      throw new Trouble(
        `${new URL(url).host} answers with a redirect. SLUICE_URL must be the console itself.`,
      );
    const text = await response.text();
    if (response.ok) return text;
    const isBusy = response.status === 429 || response.status === 503;
    if (!isBusy || tries === 4) throw new Trouble(problemText(response.status, text));
    await pause(1000 * Math.min(30, Number(response.headers.get("retry-after")) || 2 ** tries));
  }
}

/** @param {unknown} error */
function reasonOf(error) {
  if (!(error instanceof Error)) return "no reason given";
  const { cause } = error;
  return cause instanceof Error && cause.message ? cause.message : error.message;
}

/**
 * @param {number} status
 * @param {string} text
 */
function problemText(status, text) {
  const problem = parseJson(text);
  if (typeof problem?.detail !== "string") return `The console answers with status ${status}.`;
  /** @type {{ path: string, message: string }[]} */
  const fields = Array.isArray(problem.fields) ? problem.fields : [];
  const lines = fields.map(({ path, message }) => `  ${path}: ${message}`);
  const rule = problem.rule ? ` (${problem.rule})` : "";
  return [`${problem.detail}${rule}`, ...lines, `  ${status} · id ${problem.id}`].join("\n");
}

/**
 * @param {string} text
 * @returns {any}
 */
function parseJson(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * @param {string} text
 * @returns {any}
 */
function json(text) {
  const value = parseJson(text);
  if (value === null || typeof value !== "object")
    throw new Trouble("The answer is no JSON. Is SLUICE_URL the address of the console?");
  return value;
}

/** @param {string} file */
function readPolicy(file) {
  try {
    const text = readFileSync(file === "-" ? 0 : file, "utf8");
    if (text.trim() !== "") return text;
  } catch (error) {
    throw new Trouble(`${file} cannot be read (${reasonOf(error)}).`);
  }
  throw new Trouble(`${file} is empty.`);
}

/** @param {string} text */
const typeOf = (text) => ({
  "content-type": text.trimStart().startsWith("{") ? "application/json" : "application/yaml",
});

/**
 * The version that an edit started from: as the comment lines that `get` writes say it.
 * @param {string} text
 */
function baseOf(text) {
  return /^# digest: (sha256:[0-9a-f]{64})\s*$/m.exec(text)?.[1] ?? null;
}

/**
 * @typedef {{ "use-case"?: string | undefined, out?: string | undefined, message?: string | undefined,
 *   change?: string | undefined, base?: string | undefined, timeout?: string | undefined, submit?: boolean | undefined,
 *   wait?: boolean | undefined, json?: boolean | undefined, help?: boolean | undefined }} Options
 */

/** @param {Options} options */
function policyPath(options) {
  const name = options["use-case"];
  if (!name) throw new Trouble("Name the use case: --use-case support-bot");
  return `/use-cases/${encodeURIComponent(name)}/policy`;
}

/** @param {Options} options */
async function get(options) {
  const accept = options.json ? "application/json" : "application/yaml";
  const text = await call("GET", policyPath(options), { headers: { accept } });
  if (options.out === undefined) {
    process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
    return EXIT.done;
  }
  try {
    mkdirSync(dirname(options.out), { recursive: true });
    writeFileSync(options.out, text);
  } catch (error) {
    throw new Trouble(`${options.out} cannot be written (${reasonOf(error)}).`);
  }
  say(`Wrote ${options.out}.`);
  return EXIT.done;
}

/**
 * @param {string} file
 * @param {Options} options
 */
async function diff(file, options) {
  const body = readPolicy(file);
  const path = `${policyPath(options)}/compare`;
  /** @type {Comparison} */
  const compared = json(await call("POST", path, { body, headers: typeOf(body) }));
  if (options.json) say(JSON.stringify(compared));
  else if (compared.same)
    say(`${file} is version ${compared.version} of ${compared.useCase}, which is in force.`);
  else {
    say(`${file} against version ${compared.version} of ${compared.useCase}: ${compared.direction}`);
    sayMoves(compared.moves);
    if (compared.moves.length > 0 && compared.effective.moves.length === 0)
      say("With the organisation's floor joined, nothing moves.");
    else if (compared.effective.direction !== compared.direction)
      say(`With the organisation's floor joined: ${compared.effective.direction}.`);
  }
  return compared.same ? EXIT.done : EXIT.differs;
}

/** @param {Move[]} moves */
function sayMoves(moves) {
  for (const { path, label, direction } of moves) say(`  ${direction.padEnd(8)} ${path}: ${label}`);
}

/**
 * @param {string} file
 * @param {Options} options
 */
async function propose(file, options) {
  const body = readPolicy(file);
  const path = policyPath(options);
  const base = options.base ?? baseOf(body);
  if (base === null)
    throw new Trouble(
      `${file} does not say which version it started from. Keep the comment lines of "policy get", or name it: --base VERSION`,
    );
  if (!options.message) throw new Trouble('Say why, for whom decides: --message "…"');
  const query = new URLSearchParams({ justification: options.message });
  if (options.submit || options.wait) query.set("submit", "true");
  if (options.change) query.set("change", options.change);
  const headers = { ...typeOf(body), "if-match": `"${base}"` };
  /** @type {Proposal} */
  const proposal = json(await call("PUT", `${path}?${query}`, { body, headers }));
  const { change } = proposal;
  if (change === null) {
    if (options.json) say(JSON.stringify(proposal));
    else
      say(`Nothing to propose: it is version ${proposal.version} of ${proposal.useCase}, which is in force.`);
    return EXIT.done;
  }
  if (options.wait) return status(change.ref, options);
  if (options.json) say(JSON.stringify({ ...proposal, url: `${consoleUrl()}/changes/${change.ref}` }));
  else sayProposal(proposal, change);
  return EXIT.done;
}

const OUTCOMES = {
  created: "proposed",
  existing: "was proposed before",
  updated: "has the new proposal",
  unchanged: "",
};

/**
 * @param {Proposal} proposal
 * @param {NonNullable<Proposal["change"]>} change
 */
function sayProposal({ outcome }, change) {
  say(`${change.ref} ${OUTCOMES[outcome]}: ${change.direction}, ${words(change.status)}`);
  say(`  ${consoleUrl()}/changes/${change.ref}`);
  sayMoves(change.moves);
  if (change.impact) {
    const { decisions, stricter, looser, notReplayable } = change.impact;
    say(
      `Of ${decisions} decisions of the last 30 days: ${stricter} stricter, ${looser} looser, ${notReplayable} not replayed.`,
    );
  }
  if (change.waitsFor) say(change.waitsFor);
}

/** @param {string} text */
const words = (text) => text.replaceAll("_", " ");

/**
 * @param {string} ref
 * @param {Options} options
 */
async function status(ref, options) {
  const minutes = Number(options.timeout ?? 60);
  if (!(minutes > 0 && minutes <= 10_080)) throw new Trouble("--timeout is in minutes, at most a week.");
  const end = Date.now() + minutes * 60_000;
  for (let wait = 5_000; ; wait = Math.min(60_000, wait * 1.5)) {
    /** @type {Change} */
    const change = json(await call("GET", `/changes/${encodeURIComponent(ref)}`));
    const code = exitOf(change);
    const left = end - Date.now();
    if (!options.wait || code !== EXIT.waiting || left <= 0) {
      if (options.json) say(JSON.stringify({ ...statusOf(change), exit: code }));
      else sayStatus(change);
      return code;
    }
    await pause(Math.min(wait, left));
  }
}

/** @param {Change} change */
function exitOf({ status, conflicted }) {
  if (["approved", "scheduled", "applied"].includes(status)) return conflicted ? EXIT.stuck : EXIT.done;
  if (["rejected", "withdrawn"].includes(status)) return EXIT.refused;
  return conflicted || status === "suspended" ? EXIT.stuck : EXIT.waiting;
}

/** @param {Change} change */
function statusOf({ ref, status, direction, conflicted = false, blockedBy = null, seats, moves, evidence }) {
  const conditions = evidence?.readiness?.conditions ?? [];
  const url = `${consoleUrl()}/changes/${ref}`;
  return { ref, url, status, direction, conflicted, blockedBy, seats, moves, readiness: conditions };
}

/** @param {Change} change */
function sayStatus(change) {
  const { ref, url, status, direction, blockedBy, seats, readiness } = statusOf(change);
  say(`${ref}${change.useCase ? ` of ${change.useCase.name}` : ""}: ${words(status)}, ${direction}`);
  say(`  ${url}`);
  for (const { title, eligible, filledBy } of seats) {
    const by =
      filledBy === null ? `open to ${eligible.map(nameOf).join(", ") || "nobody"}` : nameOf(filledBy);
    say(`  [${filledBy === null ? " " : "x"}] ${title}: ${by}`);
  }
  const unmet = readiness.filter(({ met }) => !met);
  for (const { title, text } of unmet) say(`  [ ] ${title}: ${text}`);
  if (readiness.length > unmet.length)
    say(`  [x] ${readiness.length - unmet.length} conditions of readiness are met`);
  if (blockedBy) say(blockedBy);
}

/** @param {string | { name: string }} person */
const nameOf = (person) => (typeof person === "string" ? person : person.name);

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      "use-case": { type: "string" },
      out: { type: "string" },
      message: { type: "string" },
      change: { type: "string" },
      base: { type: "string" },
      timeout: { type: "string" },
      submit: { type: "boolean" },
      wait: { type: "boolean" },
      json: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  const [area, command = "", operand, ...others] = positionals;
  if (values.help || area === undefined) {
    say(USAGE);
    return values.help ? EXIT.done : EXIT.error;
  }
  if (area !== "policy" || others.length > 0) throw new Trouble(`There is no such command.\n\n${USAGE}`);
  assertToken();
  if (command === "get" && operand === undefined) return get(values);
  if (operand === undefined) throw new Trouble(`Say what to ${command || "do"}.\n\n${USAGE}`);
  if (command === "diff") return diff(operand, values);
  if (command === "propose") return propose(operand, values);
  if (command === "status") return status(operand, values);
  throw new Trouble(`There is no command "policy ${command}".\n\n${USAGE}`);
}

process.exitCode = await main().catch((error) => {
  const isOurs = error instanceof Trouble || String(error?.code).startsWith("ERR_PARSE_ARGS");
  process.stderr.write(
    `${safe(isOurs ? error.message : `It broke: ${error?.message ?? "no reason given"}`)}\n`,
  );
  return EXIT.error;
});
