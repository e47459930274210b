import { expect, it } from "vitest";
import { newDetectors, togetherOf } from "./words";

it("the outside detectors that a change begins to ask are those that were not asked before", () => {
  const move = (from: unknown, to: unknown) => [{ path: "detectors", from, to }];
  expect(newDetectors(move(undefined, ["lakera"]))).toEqual(["lakera"]);
  expect(newDetectors(move(["lakera", "names"], ["names", "azure"]))).toEqual(["azure"]);
  expect(newDetectors(move(["lakera"], undefined))).toEqual([]);
  expect(newDetectors([{ path: "stage", from: "logging", to: "limited" }])).toEqual([]);
});

it("acceptances with the same words are one item of the timeline; nothing else is put together", () => {
  const item = (action: string, text: string | null = null, stale = false) => ({
    at: "2026-03-02T09:00:00.000Z",
    action,
    person: "Rita",
    text,
    stale,
  });
  const timeline = [
    item("drafted"),
    item("accepted", "Watched."),
    item("accepted", "Watched."),
    item("accepted", "Another."),
    item("accepted", "Another.", true),
    item("commented", "Twice."),
    item("commented", "Twice."),
  ];
  expect(togetherOf(timeline).map(({ action, times }) => [action, times])).toEqual([
    ["drafted", 1],
    ["accepted", 2],
    ["accepted", 1],
    ["accepted", 1],
    ["commented", 1],
    ["commented", 1],
  ]);
});
