import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { openScreen } from "./app";

const ready = () => screen.findByTestId("flow-board");

describe("Sync", () => {
  it("shows how each flow stands and what it would change, before and after", async () => {
    await openScreen("sync");
    const board = await ready();
    expect(within(board).getByTestId("flow-stock").textContent).toContain("4 wait for you");
    const list = await screen.findByTestId("flow-writes");
    await waitFor(() => expect(list.textContent).toContain("LK-TRW-B"));
    expect(list.textContent).toContain("in stock 40 becomes 64");
    expect(list.textContent).toContain("oversold: 3 more are promised than are on hand");
  });

  it("sends what is waiting after one question, by keys alone", async () => {
    let sent: unknown = null;
    await openScreen("sync", {
      handlers: {
        approve_flow: (request: unknown) => {
          sent = request;
          return { jobId: "j1" };
        },
      },
    });
    await ready();
    await userEvent.keyboard("a");
    const dialog = await screen.findByTestId("dialog");
    expect(dialog.textContent).toContain("Send 4 writes");
    await userEvent.keyboard("{Enter}");
    await waitFor(() => expect(sent).toEqual({ flow: "stock", digest: "stock-4" }));
  });

  it("inspects a letter, keeps a version beside the original and closes it only with a reason", async () => {
    const closed: unknown[] = [];
    const edited: unknown[] = [];
    await openScreen("sync", {
      tab: "letters",
      handlers: {
        close_letter: (request: unknown) => {
          closed.push(request);
          return { message: "Letter closed", undoable: false, nextId: null, open: null };
        },
        edit_letter: (request: unknown) => {
          edited.push(request);
          return { message: "Kept", undoable: false, nextId: null, open: null };
        },
      },
    });
    await ready();
    await userEvent.click(await screen.findByText("LK-BRD-A"));
    const pane = await screen.findByTestId("letter-pane");
    await waitFor(() => expect(pane.textContent).toContain("What was tried"));
    await userEvent.click(within(pane).getByText("Make a version of your own"));
    const box = within(pane).getByLabelText("Your version, sent in its place");
    await userEvent.clear(box);
    await userEvent.type(box, "changed");
    await userEvent.click(within(pane).getByText("Keep this version"));
    await waitFor(() => expect(edited).toEqual([{ id: "3", text: "changed" }]));
    expect(within(pane).getByText(/"to": 64/).tagName).toBe("PRE");

    await userEvent.click(within(pane).getByText("Close…"));
    const confirm = await screen.findByTestId("dialog-confirm");
    expect(confirm.hasAttribute("disabled")).toBe(true);
    await userEvent.type(screen.getByLabelText("Reason, kept in the trail"), "counted by hand");
    await userEvent.click(confirm);
    await waitFor(() => expect(closed).toEqual([{ id: "3", reason: "counted by hand" }]));
  });

  it("replays all alike", async () => {
    await openScreen("sync", { tab: "letters" });
    await ready();
    await userEvent.click(await screen.findByText("LK-NEW-01"));
    await userEvent.click(await screen.findByText("All 2 alike"));
    await waitFor(() => expect(screen.queryByText("LK-NEW-02")).toBeNull(), { timeout: 4000 });
  });
});
