import { describe, expect, it } from "vitest";
import { DETECTORS } from "@/lib/detect/registry";

function found(detector: string, text: string): { level: number; text: string }[] {
  const find = DETECTORS[detector];
  if (find === undefined) throw new Error(`no detector ${detector}`);
  return find(text).map(({ level, start, end }) => ({ level, text: text.slice(start, end) }));
}

describe("pii/credit-card", () => {
  it.each([
    ["pay with 4111 1111 1111 1111 please", "4111 1111 1111 1111", 1],
    ["3782-822463-10005", "3782-822463-10005", 1],
    ["my visa: 4012888888881881", "4012888888881881", 1],
    ["2 5555 5555 5555 4444", "5555 5555 5555 4444", 1],
    ["reference 4012888888881881 of May", "4012888888881881", 2],
    ["card 4222222222222", "4222222222222", 2],
    ["4 0 1 2 8 8 8 8 8 8 8 8 1 8 8 1", "4 0 1 2 8 8 8 8 8 8 8 8 1 8 8 1", 3],
    ["4222222222222", "4222222222222", 3],
    ["x4012888888881881", "4012888888881881", 4],
    ["card number 4012888888881882", "4012888888881882", 4],
    ["card 4111\u200b1111\u200b1111\u200b1111!", "4111\u200b1111\u200b1111\u200b1111", 1],
    ["card ４１１１ １１１１ １１１１ １１１１", "４１１１ １１１１ １１１１ １１１１", 1],
    ["card 4111\u20111111\u20111111\u20111111", "4111\u20111111\u20111111\u20111111", 1],
  ])("finds it in %j", (text, card, level) => {
    expect(found("pii/credit-card", text)).toEqual([{ level, text: card }]);
  });

  it.each([
    "1700000000000000",
    "reference 4012888888881882",
    "0.4111111111111111",
    "9999 9999 9999 9999",
    "411111111111111111111111",
    "",
  ])("leaves %j alone", (text) => {
    expect(found("pii/credit-card", text)).toEqual([]);
  });
});

describe("pii/us-ssn", () => {
  it.each([
    ["my SSN is 536-22-8726.", "536-22-8726", 1],
    ["536-22-8726", "536-22-8726", 2],
    ["social security 536 22 8726", "536 22 8726", 3],
    ["ssn 536228726", "536228726", 3],
    ["number 536228726", "536228726", 4],
    ["SSN 078-05-1120", "078-05-1120", 4],
  ])("finds it in %j", (text, ssn, level) => {
    expect(found("pii/us-ssn", text)).toEqual([{ level, text: ssn }]);
  });

  it.each([
    "000-12-3456",
    "666-12-3456",
    "912-12-3456",
    "536-00-8726",
    "536-22-0000",
    "1-536-22-8726",
    "536-22-87261",
  ])("leaves %j alone", (text) => {
    expect(found("pii/us-ssn", `ssn ${text}`)).toEqual([]);
  });
});

describe("pii/iban", () => {
  it.each([
    ["to DE89370400440532013000 today", "DE89370400440532013000", 1],
    ["GB29 NWBK 6016 1331 9268 19", "GB29 NWBK 6016 1331 9268 19", 1],
    ["de89 3704 0044 0532 0130 00", "de89 3704 0044 0532 0130 00", 2],
    ["DE89-3704-0044-0532-0130-00", "DE89-3704-0044-0532-0130-00", 2],
    ["IBAN DE88370400440532013000", "DE88370400440532013000", 3],
    ["DE88 3704 0044 0532 0130 00", "DE88 3704 0044 0532 0130 00", 3],
    ["DE88370400440532013000", "DE88370400440532013000", 4],
  ])("finds it in %j", (text, iban, level) => {
    expect(found("pii/iban", text)).toEqual([{ level, text: iban }]);
  });

  it.each(["ZZ89370400440532013000", "DE8937040044", "xDE89370400440532013000", "DE893704004405320130001"])(
    "leaves %j alone",
    (text) => {
      expect(found("pii/iban", text)).toEqual([]);
    },
  );
});

describe("pii/email", () => {
  it.each([
    ["write to jane.doe+x@firm.co.uk.", "jane.doe+x@firm.co.uk", 1],
    ["<jürgen@bücher.de>", "jürgen@bücher.de", 1],
    ["jane@fi\u200brm.com", "jane@fi\u200brm.com", 1],
    ["support@firm.com", "support@firm.com", 2],
    ["jane@firm.technology", "jane@firm.technology", 2],
    ["jane@example.com", "jane@example.com", 3],
    ["jane @ firm.com", "jane @ firm.com", 3],
    ["jane [at] firm.com", "jane [at] firm.com", 4],
    ["reach jane at firm dot com", "jane at firm dot com", 4],
    ["git@github.com:org/name", "git@github.com", 4],
  ])("finds it in %j", (text, address, level) => {
    expect(found("pii/email", text)).toEqual([{ level, text: address }]);
  });

  it.each(["icon@2x.png", "https://user@host.com/", "@jane", "meet at noon", "pkg@1.2.3", "a@b"])(
    "leaves %j alone",
    (text) => {
      expect(found("pii/email", text)).toEqual([]);
    },
  );
});
