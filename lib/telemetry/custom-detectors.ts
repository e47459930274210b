import { type CompiledCustomDetectors, compileCustomDetectors } from "@/lib/detect/registry";
import { SluiceError } from "@/lib/errors";
import type { ControlProblem } from "./views";

interface LookedFor {
  id: string;
  phrases: readonly string[];
  patterns: readonly string[];
}

/** The detector of one custom control, or what is wrong with which phrase or pattern (`patterns.0`). */
export function compileOwn({ id, phrases, patterns }: LookedFor): CompiledCustomDetectors | ControlProblem[] {
  try {
    return compileCustomDetectors({ [id]: { phrases, patterns } });
  } catch (error) {
    if (!(error instanceof SluiceError) || error.fields.length === 0) throw error;
    const prefix = `controls.${id}.`;
    return error.fields.map(({ path, message }) => ({
      field: path.startsWith(prefix) ? path.slice(prefix.length) : path,
      message,
      start: null,
      end: null,
    }));
  }
}
