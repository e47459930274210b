/** Shannon entropy of the characters of a value, in bits per character (0 for an empty value). */
export function bitsPerCharacter(value: string): number {
  const counts = new Map<number, number>();
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  let bits = 0;
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length);
  return bits;
}

const STAND_IN =
  /x{5,}|\*{3,}|\.{3}|#{4,}|0{8,}|_{4,}|123456789a|abcdefgh|example|sample|changeme|change_me|placeholder|redacted|your[_-]|<|>|\$\{|\{\{|\$\(|%\w+%|todo|dummy|fake/i;

/** Written in place of a value: `xxxxx`, `${VAR}`, `<your key>`, `AKIAIOSFODNN7EXAMPLE`. */
export function isStandIn(value: string): boolean {
  return STAND_IN.test(value);
}

const REPEATED = /([x0a*#_.-])\1{5,}|(\w{3,9})\2{3,}|example$|abcdefghij|\*{3}|\.{3}/i;

/** The same for a value that already has an issuer's form, where "fake" or "1234" may come about by chance. */
export function isStandInToken(value: string): boolean {
  return REPEATED.test(value);
}
