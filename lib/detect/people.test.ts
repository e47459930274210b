import { describe, expect, it } from "vitest";
import { DETECTORS } from "@/lib/detect/registry";

function found(detector: string, text: string): { level: number; text: string }[] {
  const find = DETECTORS[detector];
  if (find === undefined) throw new Error(`no detector ${detector}`);
  return find(text).map(({ level, start, end }) => ({ level, text: text.slice(start, end) }));
}

describe("pii/phone", () => {
  it.each([
    ["reach us: +1 (202) 555-0123.", "+1 (202) 555-0123", 1],
    ["+49 (0)30 123456-78", "+49 (0)30 123456-78", 1],
    ["+4915112345678", "+4915112345678", 1],
    ["Rufnummer 030 123456", "030 123456", 1],
    ["電話 03-1234-5678", "03-1234-5678", 1],
    ["Phone:\n(202) 555-0123", "(202) 555-0123", 1],
    ["ＴＥＬ：０３－１２３４－５６７８", "０３－１２３４－５６７８", 1],
    ["202-555-0123", "202-555-0123", 2],
    ["01 84 17 61 18", "01 84 17 61 18", 2],
    ["phone 2025550123", "2025550123", 2],
    ["1-800-555-0199", "1-800-555-0199", 2],
    ["202 555 0123", "202 555 0123", 3],
    ["+999 123 456 789", "+999 123 456 789", 3],
    ["0301234567", "0301234567", 4],
  ])("finds it in %j", (text, number, level) => {
    expect(found("pii/phone", text)).toEqual([{ level, text: number }]);
  });

  it("finds each of several", () => {
    const text = "+44 7700 900123 or +44 7700 900124, (202) 555-0123 (202) 555-0199";
    expect(found("pii/phone", text).map((hit) => hit.text)).toEqual([
      "+44 7700 900123",
      "+44 7700 900124",
      "(202) 555-0123",
      "(202) 555-0199",
    ]);
  });

  it.each([
    "2024-05-31 12:00",
    "31.05.2024",
    "16:23:27.779768",
    "1,234,567.89",
    "10.0.0.138",
    "536-22-8726",
    "4111 1111 1111 1111",
    "2021 2022 2023",
    "ISBN 978-3-16-148410-0",
    "id_4915112345678",
    "$202 555 0123",
    "tel 12345678901234567890",
  ])("leaves %j alone", (text) => {
    expect(found("pii/phone", text)).toEqual([]);
  });
});

describe("pii/ip-address", () => {
  it.each([
    ["client 93.184.216.34, then", "93.184.216.34", 1],
    ["IPv6:2a00:1450:4001:81b::200e", "2a00:1450:4001:81b::200e", 1],
    ["51.15.2.99:8080", "51.15.2.99", 2],
    ["2001:4860:4860::8888", "2001:4860:4860::8888", 2],
    ["host 192.168.1.20", "192.168.1.20", 3],
    ["fe80::1ff:fe23:4567:890a", "fe80::1ff:fe23:4567:890a", 3],
    ["203.0.113.9", "203.0.113.9", 3],
    ["93.184.216.0/24", "93.184.216.0", 3],
    ["version 10.2.33.4", "10.2.33.4", 4],
    ["1.2.3.4", "1.2.3.4", 4],
    ["ip-93.184.216.34", "93.184.216.34", 4],
  ])("finds it in %j", (text, address, level) => {
    expect(found("pii/ip-address", text)).toEqual([{ level, text: address }]);
  });

  it.each([
    "1.3.6.1.4.1.311",
    "256.1.1.1",
    "12:30:45",
    "00:1a:2b:3c:4d:5e",
    "std::vector",
    "a::b",
    "0.0.0.0",
    "1.02.3.4",
  ])("leaves %j alone", (text) => {
    expect(found("pii/ip-address", text)).toEqual([]);
  });
});

describe("pii/address", () => {
  it.each([
    ["at 10 Downing Street, London SW1A 2AA", "10 Downing Street, London SW1A 2AA", 1],
    ["12 rue de la Paix, 75002 Paris", "12 rue de la Paix, 75002 Paris", 1],
    ["Hauptstraße 5, 10115 Berlin", "Hauptstraße 5, 10115 Berlin", 1],
    ["Kerkstraat 10, 1017 GA Amsterdam", "Kerkstraat 10, 1017 GA Amsterdam", 1],
    ["I live at 742 Evergreen Terrace", "742 Evergreen Terrace", 1],
    ["221B Baker Street", "221B Baker Street", 2],
    ["Via Roma 10", "Via Roma 10", 2],
    ["ul. Długa 5", "ul. Długa 5", 2],
    ["Karl Johans gate 22", "Karl Johans gate 22", 2],
    ["P.O. Box 123", "P.O. Box 123", 2],
    ["PSC 1437, Box 3833\nAPO AA 66791", "PSC 1437, Box 3833\nAPO AA 66791", 2],
    ["my address is Joaquin Suarez 2906", "Joaquin Suarez 2906", 3],
    ["London SW1A 2AA", "SW1A 2AA", 3],
    ["over on 12 elm street", "12 elm street", 4],
  ])("finds it in %j", (text, place, level) => {
    expect(found("pii/address", text)).toEqual([{ level, text: place }]);
  });

  it.each([
    "5 minutes down the road",
    "Windows 11",
    "Chapter 5",
    "Route 66",
    "June 2024",
    "top 10 places",
    "12:30",
    "GPT 4 is",
  ])("leaves %j alone", (text) => {
    expect(found("pii/address", text)).toEqual([]);
  });
});

describe("pii/name", () => {
  it.each([
    ["ask Dr. Xqwu about it", "Xqwu", 1],
    ["My name is Jane Doe.", "Jane Doe", 1],
    ["ich heiße müller, my name is jane", "jane", 1],
    ['"last_name": "Johnson", "first_name": "Emma"', "Emma", 1],
    ["we met Emma Johnson there", "Emma Johnson", 2],
    ["Name: Qrrt Zzyx", "Qrrt Zzyx", 2],
    ["Emma's turn", "Emma", 3],
    ["Qrrt W. Zzyx wrote", "Qrrt W. Zzyx", 3],
    ["ask Ludwig van Beethoven", "Ludwig van Beethoven", 2],
    ["told to Mark and", "Mark", 4],
  ])("finds it in %j", (text, name, level) => {
    expect(found("pii/name", text)).toContainEqual({ level, text: name });
  });

  it.each([
    "The meeting is on Monday in New York",
    "Mark my words",
    "Will it rain",
    "READ ME FIRST",
    "HTTP API",
    "I am happy",
    "",
  ])("leaves %j alone", (text) => {
    expect(found("pii/name", text)).toEqual([]);
  });
});
