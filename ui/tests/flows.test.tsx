import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it } from "vitest";
import { type ActionDef, actionIds, actions } from "../src/shared/actions/registry";
import { openScreen } from "./app";

const press = (key: string, mods: KeyboardEventInit = {}) =>
  act(() => void fireEvent.keyDown(document.activeElement ?? document.body, { key, ...mods }));

const draft = async (group: string) => waitFor(() => expect(screen.getByTestId("draft").dataset.group).toBe(group));

it("Enter accepts the proposal in focus, the next one gets the focus, and Ctrl+Z takes it back", async () => {
  await openScreen("match");
  await draft("g1");
  press("Enter");
  await draft("g2");
  expect(await screen.findByText(/Matched #10482/, { selector: "[data-testid=toast] span" })).toBeTruthy();
  press("z", { ctrlKey: true });
  await draft("g1");
});

it("a difference stays in suspense until a reason takes it", async () => {
  const user = userEvent.setup();
  await openScreen("match");
  await draft("g1");
  for (let group = 1; group < 5; group++) {
    press("j");
    await draft(`g${group + 1}`);
  }
  expect((screen.getByTestId("accept") as HTMLButtonElement).disabled).toBe(true);
  expect(screen.getByTestId("why-not").textContent).toContain("0.07 is still in suspense");
  press("Enter");
  expect(document.activeElement).toBe(screen.getByTestId("suspense-reason"));
  await user.selectOptions(screen.getByTestId("suspense-reason"), "rounding");
  await waitFor(() => expect((screen.getByTestId("accept") as HTMLButtonElement).disabled).toBe(false));
});

it("accept all exact shows a preview first", async () => {
  const user = userEvent.setup();
  await openScreen("match");
  await draft("g1");
  press("Enter", { ctrlKey: true });
  await screen.findByTestId("exact-preview");
  await user.click(screen.getByTestId("dialog-confirm"));
  expect(await screen.findByText(/payments exactly/, { selector: "[data-testid=toast] span" })).toBeTruthy();
});

it("a number key chooses between candidates that fit equally", async () => {
  await openScreen("match", { tab: "ambiguous" });
  await draft("a0");
  expect(screen.getByTestId("why-not").textContent).toContain("More than one");
  press("2");
  await waitFor(() => expect((screen.getByTestId("accept") as HTMLButtonElement).disabled).toBe(false));
});

it("A approves what is shown, and posting asks once with totals", async () => {
  const user = userEvent.setup();
  await openScreen("approvals");
  await waitFor(() => expect(screen.getByTestId("proposal-title").textContent).toContain("29 Jan"));
  expect(screen.getByTestId("unknown-outcomes").textContent).toContain("It will not be sent again");
  press("a");
  expect(await screen.findByText("Approved 1 of 1")).toBeTruthy();
  await waitFor(() => expect((screen.getByTestId("post-approved") as HTMLButtonElement).disabled).toBe(false));
  await user.click(screen.getByTestId("post-approved"));
  expect((await screen.findByTestId("dialog")).textContent).toContain("18,204.16");
  await user.click(screen.getByTestId("dialog-confirm"));
  await waitFor(() => expect(screen.getByTestId("tab-sent").textContent).toContain("1"));
});

it("the exact XML is one key away", async () => {
  await openScreen("approvals");
  await waitFor(() => expect(screen.getByTestId("proposal-title")).toBeTruthy());
  press("e");
  expect((await screen.findByTestId("xml")).textContent).toContain("<GLBATCH>");
});

it("the palette offers every action of the screen that is possible, with its key", async () => {
  await openScreen("match");
  await draft("g1");
  press("k", { ctrlKey: true });
  const palette = await screen.findByTestId("palette");
  const offered = within(palette)
    .getAllByRole("option")
    .map((option) => option.textContent ?? "");
  for (const id of actionIds) {
    const def = actions[id] as ActionDef;
    if (def.sheetOnly || (def.screens && !def.screens.includes("match"))) continue;
    if (["edit.undo", "edit.redo", "match.selection", "match.unmatch", "match.writeOff"].includes(id)) continue;
    expect(
      offered.some((text) => text.includes(def.label)),
      id,
    ).toBe(true);
  }
});

it("the ? sheet lists every action that has a key", async () => {
  await openScreen("today");
  press("?", { shiftKey: true });
  const sheet = await screen.findByTestId("key-sheet");
  for (const id of actionIds)
    if (actions[id].keys.length > 0) expect(sheet.textContent, id).toContain(actions[id].label);
});

it("G then M goes to Match, and letters do nothing while a field is typed into", async () => {
  const user = userEvent.setup();
  await openScreen("activity");
  await user.type(await screen.findByLabelText("Search activity"), "gm");
  expect(location.hash).toContain("activity");
  (document.activeElement as HTMLElement).blur();
  press("g");
  press("m");
  expect(await screen.findByTestId("screen-match")).toBeTruthy();
});

it("a million open rows hold only a screenful in the page", async () => {
  await openScreen("match", { tab: "unmatched", openRows: 1_000_000 });
  const grid = await screen.findByTestId("open-store");
  expect(grid.getAttribute("aria-rowcount")).toBe("1000001");
  await waitFor(() => expect(within(grid).getAllByRole("row").length).toBeGreaterThan(10));
  expect(within(grid).getAllByRole("row").length).toBeLessThan(80);
});

it("the audit chain is verified on request", async () => {
  const user = userEvent.setup();
  await openScreen("activity");
  await user.click(await screen.findByTestId("verify-audit"));
  expect((await screen.findByTestId("audit-verdict")).dataset.intact).toBe("true");
});

it("settings cannot be saved while the text is wrong", async () => {
  await openScreen("settings");
  const text = await screen.findByTestId("settings-text");
  fireEvent.change(text, { target: { value: "nonsense" } });
  await waitFor(() => expect(screen.getByTestId("settings-check").dataset.valid).toBe("false"));
  expect((screen.getByTestId("save-settings") as HTMLButtonElement).disabled).toBe(true);
});

it("a failed credential part is named", async () => {
  const user = userEvent.setup();
  await openScreen("connections");
  await user.click(await screen.findByTestId("test-intacct"));
  expect((await screen.findByTestId("problem")).textContent).toContain("sender password");
});
