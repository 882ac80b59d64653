/**
 * Every action of the window, once: the menu, the palette, the shortcuts, the tooltips and the `?` sheet read this table.
 * A key is `Mod+K` (Ctrl, Cmd on a Mac), `Shift+A`, a plain letter, or two letters in a row (`g t`).
 */
import type { Screen } from "../ipc";

export type ActionPlace = "File" | "Edit" | "View" | "Go" | "Match" | "Review" | "Help";

export type ActionDef = {
  label: string;
  place: ActionPlace;
  keys: readonly string[];
  /** Screens it belongs to; everywhere when left out. */
  screens?: readonly Screen[];
  /** Moves and digits are keys of the grid: listed in the sheet, not in menu and palette. */
  sheetOnly?: boolean;
};

const define = <Id extends string>(table: Record<Id, ActionDef>): Record<Id, ActionDef> => table;

const rows = ["match", "exceptions", "approvals", "activity", "tieOut", "sync"] as const;

export const actions = define({
  "go.today": { label: "Go to Today", place: "Go", keys: ["g t"] },
  "go.match": { label: "Go to Match", place: "Go", keys: ["g m"] },
  "go.exceptions": { label: "Go to Exceptions", place: "Go", keys: ["g x"] },
  "go.approvals": { label: "Go to Approvals", place: "Go", keys: ["g a"] },
  "go.connections": { label: "Go to Connections", place: "Go", keys: ["g s"] },
  "go.tieOut": { label: "Go to Tie-out", place: "Go", keys: ["g c"] },
  "go.sync": { label: "Go to Sync", place: "Go", keys: ["g y"] },
  "go.activity": { label: "Go to Activity", place: "Go", keys: ["g r"] },
  "go.settings": { label: "Settings…", place: "File", keys: ["Mod+,"] },
  "go.back": { label: "Back", place: "Go", keys: ["Alt+ArrowLeft"] },
  "period.previous": { label: "Previous period", place: "Go", keys: ["["] },
  "period.next": { label: "Next period", place: "Go", keys: ["]"] },

  "file.refresh": { label: "Refresh sources", place: "File", keys: ["F5", "Mod+R"] },
  "file.match": { label: "Run matching", place: "File", keys: ["Mod+M"] },
  "file.propose": { label: "Prepare proposals", place: "File", keys: ["Mod+P"] },
  "file.import": { label: "Import a settlement or bank file…", place: "File", keys: ["Mod+O"] },
  "file.export": { label: "Export exceptions…", place: "File", keys: ["Mod+E"] },
  "file.demo": { label: "Open the demo company", place: "File", keys: [] },

  "edit.undo": { label: "Undo", place: "Edit", keys: ["Mod+Z"] },
  "edit.redo": { label: "Redo", place: "Edit", keys: ["Mod+Shift+Z", "Mod+Y"] },
  "edit.repeat": { label: "Repeat the last action", place: "Edit", keys: ["."] },
  "edit.note": { label: "Comment", place: "Edit", keys: ["c"], screens: ["match", "exceptions", "approvals"] },

  "view.palette": { label: "Search and commands", place: "View", keys: ["Mod+K", "/"] },
  "view.filter": { label: "Filter by this cell's value", place: "View", keys: ["f"], screens: ["match", "exceptions"] },
  "view.exclude": {
    label: "Exclude this cell's value",
    place: "View",
    keys: ["Alt+F"],
    screens: ["match", "exceptions"],
  },
  "view.peek": { label: "Peek", place: "View", keys: ["Space"], screens: ["match", "exceptions", "approvals"] },
  "view.nextPane": { label: "Next pane", place: "View", keys: ["F6"] },
  "view.previousPane": { label: "Previous pane", place: "View", keys: ["Shift+F6"] },
  "view.theme": { label: "Switch light and dark", place: "View", keys: ["Mod+Shift+L"] },
  "view.density": { label: "Switch row height", place: "View", keys: ["Mod+Shift+D"] },
  "view.zoomIn": { label: "Larger text", place: "View", keys: ["Mod+=", "Mod++"] },
  "view.zoomOut": { label: "Smaller text", place: "View", keys: ["Mod+-"] },
  "view.zoomReset": { label: "Normal text size", place: "View", keys: ["Mod+0"] },

  "match.accept": { label: "Accept proposal", place: "Match", keys: ["Enter"], screens: ["match"] },
  "match.acceptAndPlan": {
    label: "Accept and prepare the posting",
    place: "Match",
    keys: ["Shift+Enter"],
    screens: ["match"],
  },
  "match.acceptExact": {
    label: "Accept all exact, preview first",
    place: "Match",
    keys: ["Mod+Enter"],
    screens: ["match"],
  },
  "match.selection": { label: "Match selection", place: "Match", keys: ["m"], screens: ["match"] },
  "match.unmatch": { label: "Unmatch", place: "Match", keys: ["u"], screens: ["match"] },
  "match.nextAmbiguous": { label: "Next ambiguous", place: "Match", keys: ["n"], screens: ["match"] },
  "match.candidate": {
    label: "Choose candidate",
    place: "Match",
    keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
    screens: ["match"],
    sheetOnly: true,
  },
  "match.split": { label: "Split…", place: "Match", keys: ["s"], screens: ["match"] },
  "match.writeOff": { label: "Write off…", place: "Match", keys: ["w"], screens: ["match"] },
  "match.partial": { label: "Keep as partial", place: "Match", keys: ["p"], screens: ["match"] },
  "match.timing": { label: "Timing item…", place: "Match", keys: ["t"], screens: ["match", "exceptions"] },
  "match.snooze": { label: "Snooze…", place: "Match", keys: ["z"], screens: ["match", "exceptions"] },
  "match.explain": { label: "Explain", place: "Match", keys: ["e"], screens: ["match", "exceptions"] },

  "review.fix": { label: "Send the fix to approvals", place: "Review", keys: ["Enter"], screens: ["exceptions"] },
  "review.approve": { label: "Approve", place: "Review", keys: ["a"], screens: ["approvals"] },
  "review.approveChecked": {
    label: "Approve the checked entries…",
    place: "Review",
    keys: ["Shift+A"],
    screens: ["approvals"],
  },
  "review.reject": { label: "Reject…", place: "Review", keys: ["r"], screens: ["approvals"] },
  "review.hold": { label: "Hold", place: "Review", keys: ["h"], screens: ["approvals"] },
  "review.evidence": { label: "Show the evidence", place: "Review", keys: ["Enter"], screens: ["approvals"] },
  "review.post": { label: "Post what is approved…", place: "Review", keys: ["Mod+Enter"], screens: ["approvals"] },
  "review.xml": { label: "Show the exact XML", place: "Review", keys: ["e"], screens: ["approvals"] },
  "review.verify": { label: "Verify the audit chain", place: "Review", keys: ["v"], screens: ["activity"] },
  "sync.run": { label: "Run this flow", place: "Review", keys: ["r"], screens: ["sync"] },
  "sync.approve": { label: "Send what is waiting…", place: "Review", keys: ["a"], screens: ["sync"] },
  "settings.save": { label: "Save the settings", place: "File", keys: ["Mod+S"], screens: ["settings"] },

  "move.next": { label: "Next row", place: "View", keys: ["j"], screens: rows, sheetOnly: true },
  "move.previous": { label: "Previous row", place: "View", keys: ["k"], screens: rows, sheetOnly: true },
  "move.select": { label: "Select row", place: "View", keys: ["x"], screens: rows, sheetOnly: true },

  "edit.copy": {
    label: "Copy the selected rows, or the cell",
    place: "Edit",
    keys: ["Mod+C"],
    screens: rows,
    sheetOnly: true,
  },
  "view.widen": {
    label: "Column wider or narrower",
    place: "View",
    keys: ["Alt+Shift+ArrowRight", "Alt+Shift+ArrowLeft"],
    screens: rows,
    sheetOnly: true,
  },

  "help.keys": { label: "Keyboard sheet", place: "Help", keys: ["?", "Mod+/"] },
  "help.history": { label: "What was done here", place: "Help", keys: ["Mod+H"] },
});

export type ActionId = keyof typeof actions;

export const actionIds = Object.keys(actions) as ActionId[];

export const places: readonly ActionPlace[] = ["File", "Edit", "View", "Go", "Match", "Review", "Help"];

/** Whether two actions can be asked for on one screen. */
function sameScreen(a: ActionDef, b: ActionDef): boolean {
  if (!a.screens || !b.screens) return true;
  return a.screens.some((screen) => b.screens?.includes(screen));
}

/** Every pair of actions that would answer to one key on one screen; empty, or the table is wrong. */
export function keyClashes(): string[] {
  const clashes: string[] = [];
  actionIds.forEach((one, at) => {
    for (const other of actionIds.slice(at + 1)) {
      const shared = actions[one].keys.filter((key) => actions[other].keys.includes(key));
      if (shared.length > 0 && sameScreen(actions[one], actions[other])) clashes.push(`${one} and ${other}: ${shared}`);
    }
  });
  return clashes;
}

export function actionFor(key: string, screen: Screen): ActionId | undefined {
  return actionIds.find((id) => {
    const { keys, screens } = actions[id] as ActionDef;
    return keys.includes(key) && (!screens || screens.includes(screen));
  });
}
