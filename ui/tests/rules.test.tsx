import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { openScreen } from "./app";
import { violations } from "./axe";

const area = async () => (await screen.findByTestId("rules-text")) as HTMLTextAreaElement;

it("a text is tried before it is saved, and what goes against decisions comes first, with amounts", async () => {
  const user = userEvent.setup();
  await openScreen("settings", { tab: "rules" });
  await user.click(await area());
  await user.paste('\n[[rule]]\nname = "Short wires"\n');
  await waitFor(() => expect((screen.getByTestId("try-rules") as HTMLButtonElement).disabled).toBe(false));
  await user.click(screen.getByTestId("try-rules"));
  const trial = await screen.findByTestId("rules-trial");
  expect(trial.textContent).toContain("Nothing was written");
  const lists = within(trial)
    .getAllByRole("heading")
    .map((it) => it.textContent);
  expect(lists.slice(0, 2)).toEqual(["Against what people decided: 1", "Matches gained: 2"]);
  expect(screen.getByTestId("trial-against").textContent).toContain("Mira took #10362 and RCP-7688 apart");
  expect(within(screen.getByTestId("trial-gained")).getAllByRole("row")).toHaveLength(3);
  expect(screen.getByTestId("trial-gained").querySelector('[data-amount="1245.00"]')).toBeTruthy();

  await user.click(screen.getByTestId("save-rules"));
  await user.type(await screen.findByTestId("settings-note"), "agreed with the bank");
  await user.click(screen.getByTestId("dialog-confirm"));
  expect(await screen.findByText(/Version 4, saved/)).toBeTruthy();
});

it("what is wrong is named with its place, and can neither be tried nor saved", async () => {
  const user = userEvent.setup();
  await openScreen("settings", { tab: "rules" });
  await user.click(await area());
  await user.paste("\ndays_after = 900\n");
  const remark = await screen.findByText(/Line \d+, column 14/);
  expect(screen.getByTestId("rules-check").textContent).toContain("it can be 0 to 90");
  expect((screen.getByTestId("try-rules") as HTMLButtonElement).disabled).toBe(true);
  expect((screen.getByTestId("save-rules") as HTMLButtonElement).disabled).toBe(true);
  await user.click(remark);
  const text = await area();
  expect(text.value.slice(text.selectionStart, text.selectionEnd)).toBe("days_after = 900");
});

it("a proposed rule is tried from the list of what was learned, under the text in force", async () => {
  const user = userEvent.setup();
  await openScreen("settings", { tab: "learned" });
  await user.click(await screen.findByRole("button", { name: "Try it" }));
  expect((await area()).value).toContain("lockbox");
  expect(await screen.findByTestId("rules-trial")).toBeTruthy();
  expect((screen.getByTestId("save-rules") as HTMLButtonElement).textContent).toContain("Save");
});

it("every piece that was learned can be switched off and on", async () => {
  const user = userEvent.setup();
  await openScreen("settings", { tab: "learned" });
  const list = await screen.findByTestId("learned-alias");
  expect(list.textContent).toContain("not used");
  await user.click(within(list).getByRole("button", { name: /^Switch off: office@hollisbrandt/ }));
  expect(await within(list).findByRole("button", { name: /^Switch on: office@hollisbrandt/ })).toBeTruthy();
  expect(within(await screen.findByTestId("learned-alias")).getByText("off")).toBeTruthy();
});

it("an exception names what comes nearest and what would have to be allowed, and offers it as a rule", async () => {
  const user = userEvent.setup();
  await openScreen("exceptions", { tab: "byRecord" });
  await user.click((await screen.findAllByText(/^#?103/))[0] as HTMLElement);
  const nearest = await screen.findByTestId("nearest");
  expect(nearest.textContent).toContain("It would match if");
  await user.click(screen.getByTestId("try-as-rule"));
  expect((await area()).value).toContain("Account 1210, 15 days");
  expect(await screen.findByTestId("rules-trial")).toBeTruthy();
});

it("a match says what each field weighs, and the margin to the next best answer", async () => {
  await openScreen("match");
  const weights = await screen.findByTestId("weights");
  const row = (name: string) => within(weights).getByRole("rowheader", { name }).closest("tr")?.textContent;
  expect(row("reference")).toContain("+8.11");
  expect(row("days")).toContain("−0.35");
  expect(row("margin")).toContain("+9.30");
});

it("today says what is to come and leads to it", async () => {
  const user = userEvent.setup();
  await openScreen("today");
  const panel = await screen.findByTestId("today-expected");
  expect(panel.textContent).toContain("Overdue");
  await user.click(within(panel).getByRole("button", { name: "Show all" }));
  expect(await screen.findByTestId("expected")).toBeTruthy();
});

it("what is expected stands apart from what is wrong, with its days", async () => {
  await openScreen("exceptions", { tab: "expected" });
  const list = await screen.findByTestId("expected");
  expect(list.textContent).toContain("17 days overdue");
  expect(within(list).getAllByRole("row")).toHaveLength(4);
  expect(list.querySelector('[data-amount="102.07"]')).toBeTruthy();
});

describe.each([
  ["settings", "rules"],
  ["settings", "learned"],
  ["exceptions", "expected"],
] as const)("%s, %s", (at, tab) => {
  it.each(["light", "dark"] as const)("has no accessibility violation in %s", async (theme) => {
    await openScreen(at, { tab, theme });
    await waitFor(() => expect(screen.queryByTestId("loading")).toBeNull(), { timeout: 5000 });
    expect(await violations()).toEqual([]);
  });

  it("shows what failed", async () => {
    const command = { rules: "rules_text", learned: "learned", expected: "expectations" }[tab];
    await openScreen(at, { tab, fail: [command] });
    expect((await screen.findAllByTestId("problem"))[0]?.textContent).toContain("TO-1204");
  });

  it("shows a loading face while it waits", async () => {
    const command = { rules: "rules_text", learned: "learned", expected: "expectations" }[tab];
    await openScreen(at, { tab, hang: [command] });
    expect((await screen.findAllByTestId("loading")).length).toBeGreaterThan(0);
  });
});

it.each([
  ["settings", "learned", "Nothing was learned yet"],
  ["exceptions", "expected", "Nothing is expected"],
] as const)("%s, %s says why it is empty", async (at, tab, words) => {
  await openScreen(at, { tab, empty: true });
  expect(await screen.findByText(words)).toBeTruthy();
});
