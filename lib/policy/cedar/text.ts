import { CONTROLS, type Control, getControl, isCustomControl } from "../catalogue";
import { ACTIONS, type ControlBinding, type PolicyDocument } from "../document";
import { conditionOf } from "./conditions";

/** Id of the one `permit`: what no control forbids is allowed. */
export const PERMIT_ID = "permit";

const PERMIT = `@id("${PERMIT_ID}")
@title("Everything that no control forbids")
permit (principal, action, resource);`;

function actionScope(control: Control): string {
  if (control.actions.length === ACTIONS.length) return "action";
  const actions = control.actions.map((action) => `Action::${JSON.stringify(action)}`);
  return actions.length === 1 ? `action == ${actions[0]}` : `action in [${actions.join(", ")}]`;
}

function forbidText(control: Control, binding: ControlBinding, document: PolicyDocument): string {
  return `@id(${JSON.stringify(control.id)})
@family(${JSON.stringify(control.family)})
@title(${JSON.stringify(control.title)})
forbid (principal, ${actionScope(control)}, resource)
when { ${conditionOf(control.id, binding, document)} };`;
}

/** The controls that are not off, built-in ones in the catalogue's order, then custom ones by id. */
export function activeControls(document: PolicyDocument): [Control, ControlBinding][] {
  const custom = Object.keys(document.controls).filter(isCustomControl).sort();
  return [...CONTROLS.map(({ id }) => id), ...custom].flatMap((id): [Control, ControlBinding][] => {
    const binding = Object.hasOwn(document.controls, id) ? document.controls[id] : undefined;
    const control = getControl(id, binding);
    return binding && control && binding.mode !== "off" ? [[control, binding]] : [];
  });
}

/** Cedar text by policy id: the `permit`, and one `forbid` for each control that is not off. Not yet formatted. */
export function policyTexts(document: PolicyDocument): Map<string, string> {
  const texts = new Map([[PERMIT_ID, PERMIT]]);
  for (const [control, binding] of activeControls(document)) {
    texts.set(control.id, forbidText(control, binding, document));
  }
  return texts;
}
