import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { screens } from "../src/shared/nav";
import { MAIN_COMMANDS, openScreen } from "./app";
import { violations } from "./axe";

const settle = () => waitFor(() => expect(screen.queryByTestId("loading")).toBeNull(), { timeout: 5000 });

const HAS_EMPTY_FACE = screens.filter((one) => one !== "connections" && one !== "settings");

describe.each(screens)("%s", (at) => {
  it.each(["light", "dark"] as const)("has no accessibility violation in %s", async (theme) => {
    await openScreen(at, { theme });
    await screen.findByTestId(`screen-${at}`);
    await settle();
    expect(document.documentElement.dataset.theme).toBe(theme);
    expect(await violations()).toEqual([]);
  });

  it("shows a loading face while it waits", async () => {
    await openScreen(at, { hang: MAIN_COMMANDS[at] });
    expect((await screen.findAllByTestId("loading")).length).toBeGreaterThan(0);
  });

  it("shows what failed, the remedy and the code", async () => {
    await openScreen(at, { fail: MAIN_COMMANDS[at] });
    const [banner] = await screen.findAllByTestId("problem");
    expect(banner?.textContent).toContain("TO-1204");
    expect(banner?.textContent).toContain("Close other copies of Tieout");
    expect(banner?.textContent).toContain("Nothing was written.");
  });
});

it.each(HAS_EMPTY_FACE)("%s says why it is empty", async (at) => {
  await openScreen(at, { empty: true });
  const [empty] = await screen.findAllByTestId("empty");
  expect((empty?.textContent ?? "").length).toBeGreaterThan(20);
});
