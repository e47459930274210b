/**
 * Measures the built-in detectors on recorded data: `npx tsx scripts/measure-detectors.ts [directory] [--errors]`.
 * Prints the tables of docs/detectors.md; with `--errors` also what was missed, what was found in error and what was
 * found in unlabelled texts: for recorded, public data only. Speed: `npm run bench -- detect`.
 */
import { join } from "node:path";
import { measureAttacks } from "./measure/attacks";
import { measurePii } from "./measure/pii";
import { measureSecrets } from "./measure/secrets";
import { measureUnlabelled } from "./measure/unlabelled";

const args = process.argv.slice(2);
const directory = args.find((arg) => !arg.startsWith("--")) ?? join(import.meta.dirname, "../../shared/data");
const tell = args.includes("--errors") ? (line: string) => console.log(line) : () => undefined;

measurePii(directory, tell);
measureSecrets(directory, tell);
measureAttacks(directory, tell);
measureUnlabelled(directory, tell);
