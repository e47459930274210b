import { describe, expect, it } from "vitest";
import { decisionsHref, filtersOf, windowParams } from "./filter";

const asked = (query: string) => new URLSearchParams(query);

describe("filters in the address", () => {
  it("are read by name; what is empty or unknown is none", () => {
    expect(filtersOf(asked("wouldBe=block&tool=&colour=red&model=openai/gpt-4o"))).toEqual({
      wouldBe: "block",
      model: "openai/gpt-4o",
    });
  });

  it("go into a link and come back the same", () => {
    const filters = { control: "custom/no-legal advice & more", dataClass: "restricted" };
    const href = decisionsHref(filters, { period: "30d" });
    const back = new URL(href, "http://console.test").searchParams;
    expect(filtersOf(back)).toEqual(filters);
    expect(windowParams(back)).toEqual({ period: "30d" });
  });

  it("keep a window of its own before a period", () => {
    const window = { from: "2026-11-01T00:00:00.000Z", to: "2026-11-02T00:00:00.000Z" };
    expect(windowParams(asked(`${new URLSearchParams({ ...window, period: "24h" })}`))).toEqual(window);
    expect(windowParams(asked("from=2026-11-01T00:00:00.000Z"))).toEqual({ period: "7d" });
  });
});
