import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import axe from "axe-core";
import { expect, it } from "vitest";
import { openScreen } from "./app";

async function violations(): Promise<string[]> {
  const result = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

it("a suspended sign-off says what changed, and is signed anew as it is on screen", async () => {
  await openScreen("tieOut", {});
  const standing = await screen.findByTestId("sign-off-preparer");
  expect(standing.dataset.suspended).toBe("true");
  expect(standing.textContent).toContain("2 lines are not what was signed");
  const changes = within(await screen.findByTestId("sign-off-changes"));
  expect(changes.getByText("1518.97")).toBeTruthy();
  expect(changes.getByText("was not there")).toBeTruthy();
  expect(await violations()).toEqual([]);
  const user = userEvent.setup();
  await user.click(screen.getByTestId("sign-reviewer"));
  await user.click(await screen.findByTestId("dialog-confirm"));
  const reviewed = await screen.findByTestId("sign-off-reviewer");
  expect(reviewed.dataset.suspended).toBe("false");
});

it("a lock asks why, and shows it", async () => {
  await openScreen("tieOut", {});
  const user = userEvent.setup();
  await user.click(await screen.findByTestId("lock-hard"));
  expect((await screen.findByTestId<HTMLButtonElement>("dialog-confirm")).disabled).toBe(true);
  await user.type(screen.getByTestId("reason"), "January is closed");
  await user.click(screen.getByTestId("dialog-confirm"));
  expect((await screen.findByTestId("period-lock")).textContent).toContain("January is closed");
  expect(screen.queryByTestId("lock-hard")).toBeNull();
  await user.click(screen.getByTestId("unlock-period"));
  await user.type(await screen.findByTestId("reason"), "late item");
  await user.click(screen.getByTestId("dialog-confirm"));
  await waitFor(() => expect(screen.queryByTestId("period-lock")).toBeNull());
});

it("a backup is restored only after what it would undo was shown", async () => {
  const restored: unknown[] = [];
  await openScreen("settings", {
    tab: "backups",
    handlers: {
      restore_backup: (request: never) => {
        restored.push(request);
        return { message: "Restored", undoable: false, nextId: null, open: null };
      },
    },
  });
  const user = userEvent.setup();
  await user.click((await screen.findAllByTestId("look-at-backup"))[0] as HTMLElement);
  expect(screen.queryByTestId("restore-now")).toBeNull();
  await user.click(screen.getByTestId("restore-look"));
  const preview = await screen.findByTestId("restore-preview");
  expect(preview.textContent).toContain("these books, as they were");
  expect(preview.textContent).toContain("60 rows");
  expect(await violations()).toEqual([]);
  await user.click(screen.getByTestId("restore-now"));
  expect(restored).toEqual([]);
  await user.click(await screen.findByTestId("dialog-confirm"));
  await waitFor(() => expect(restored).toHaveLength(1));
  expect(restored[0]).toMatchObject({ digest: "7d".repeat(32) });
});

it("what is sent for help is shown before it can be saved", async () => {
  await openScreen("settings", { tab: "backups" });
  const user = userEvent.setup();
  const save = await screen.findByTestId<HTMLButtonElement>("support-save");
  expect(save.disabled).toBe(true);
  await user.click(screen.getByTestId("support-look"));
  expect((await screen.findByTestId("support-text")).textContent).toContain("audit rows: 1240");
  expect(save.disabled).toBe(false);
});

it("an answer that comes back says what was approved and what was left", async () => {
  await openScreen("settings", { tab: "people" });
  expect((await screen.findByTestId("people")).textContent).toContain("up to 5000.00 an entry");
  expect(await violations()).toEqual([]);
  const user = userEvent.setup();
  await user.type(screen.getByTestId("answer-path"), "/answer.json");
  await user.click(screen.getByTestId("take-answer"));
  const taken = await screen.findByTestId("answer-taken");
  expect(taken.textContent).toContain("11 entries approved by bea");
  expect(taken.textContent).toContain("it changed since it was read");
});
