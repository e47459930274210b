import type { Chance } from "./random";

/** Values that look real to a detector and belong to nobody: test cards, documentation IBANs, addresses of a company that does not exist. */
const CARDS = ["4111 1111 1111 1111", "5555 5555 5555 4444", "3782 822463 10005"];
const IBANS = ["DE89 3704 0044 0532 0130 00", "GB29 NWBK 6016 1331 9268 19", "NL91 ABNA 0417 1643 00"];
const NAMES = ["jane.doe", "li.wei", "omar.said", "ines.costa", "kofi.mensah", "eva.lund"];
const CITIES = ["Utrecht", "Leeds", "Porto", "Graz", "Malmo", "Lyon"];
const WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"];

const FILLERS: Record<string, (chance: Chance) => string> = {
  order: (chance) => `A-${chance.between(10_000, 99_999)}`,
  claim: (chance) => `C${chance.between(1_000, 9_999)}`,
  amount: (chance) => `${chance.between(12, 980)}.${chance.between(10, 99)}`,
  city: (chance) => chance.of(CITIES),
  weekday: (chance) => chance.of(WEEKDAYS),
  email: (chance) => `${chance.of(NAMES)}@contoso.com`,
  iban: (chance) => chance.of(IBANS),
};

/** A template with its `{…}` filled. */
export function fill(template: string, chance: Chance): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => FILLERS[name]?.(chance) ?? name);
}

/** A sentence that holds one kind of trouble. */
export const TROUBLE: Record<string, (chance: Chance) => string> = {
  card: (chance) => `Please charge my card ${chance.of(CARDS)}, it expires next year.`,
  email: (chance) => `You can write to ${chance.of(NAMES)}@contoso.com.`,
  iban: (chance) => `The account is ${chance.of(IBANS)}.`,
  ssn: () => "My social security number is 219-09-9999.",
  // Put together here, so that no scanner of repositories takes it for a real one.
  secret: (chance) => `It fails with the token ${["gh", "p_"].join("")}${chance.hex(20)}${chance.hex(16)}.`,
  link: (chance) =>
    `See http://files-${chance.hex(6)}.example.net/${chance.hex(8)}?token=${chance.hex(12)} for details.`,
};
