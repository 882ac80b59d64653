import { describe, expect, it } from "vitest";
import { keyCaps, keyName } from "../src/shared/actions/keys";
import { actionFor, actionIds, actions, keyClashes, places } from "../src/shared/actions/registry";
import { moveInGrid, rangeOf } from "../src/shared/grid/keys";
import { scaleFor, TALLEST_PX } from "../src/shared/grid/useTallRows";

describe("the action table", () => {
  it("gives no key to two actions of one screen", () => expect(keyClashes()).toEqual([]));
  it("has a label and a place for every action", () => {
    for (const id of actionIds) {
      expect(actions[id].label, id).not.toBe("");
      expect(places, id).toContain(actions[id].place);
    }
  });
  it.each([
    ["Enter", "match", "match.accept"],
    ["Enter", "exceptions", "review.fix"],
    ["Enter", "approvals", "review.evidence"],
    ["a", "approvals", "review.approve"],
    ["g m", "today", "go.match"],
    ["Mod+Shift+Z", "match", "edit.redo"],
  ] as const)("%s on %s is %s", (key, screen, id) => expect(actionFor(key, screen)).toBe(id));
});

describe("key names", () => {
  const press = (key: string, mods: Partial<Record<"ctrlKey" | "altKey" | "shiftKey", boolean>> = {}) =>
    keyName({ key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...mods });
  it.each([
    [press("k", { ctrlKey: true }), "Mod+K"],
    [press("Z", { ctrlKey: true, shiftKey: true }), "Mod+Shift+Z"],
    [press("A", { shiftKey: true }), "Shift+A"],
    [press("?", { shiftKey: true }), "?"],
    [press(" "), "Space"],
    [press("x"), "x"],
  ])("%s is written %s", (name, written) => expect(name).toBe(written));
  it("prints caps", () => expect(keyCaps("g t")).toEqual(["G", "T"]));
});

describe("grid keys (WAI-ARIA grid pattern)", () => {
  const shape = { rows: 1_000_000, cols: 9, page: 20 };
  const at = (row: number, col: number, anchor: number | null = null) => ({ row, col, anchor });
  const press = (key: string, mods: { ctrl?: boolean; shift?: boolean } = {}, from = at(100, 4)) =>
    moveInGrid(from, { key, ctrl: mods.ctrl ?? false, shift: mods.shift ?? false, alt: false }, shape);
  it.each([
    ["ArrowDown", {}, at(101, 4)],
    ["ArrowUp", {}, at(99, 4)],
    ["ArrowRight", {}, at(100, 5)],
    ["ArrowLeft", {}, at(100, 3)],
    ["PageDown", {}, at(120, 4)],
    ["PageUp", {}, at(80, 4)],
    ["Home", {}, at(100, 0)],
    ["End", {}, at(100, 8)],
    ["Home", { ctrl: true }, at(0, 0)],
    ["End", { ctrl: true }, at(999_999, 8)],
  ])("%s %o", (key, mods, cursor) => expect(press(key, mods)?.cursor).toEqual(cursor));
  it("Shift extends from where it began", () => {
    const first = press("ArrowDown", { shift: true });
    expect(first).toEqual({ cursor: at(101, 4, 100), select: "range" });
    expect(rangeOf(at(98, 4, 100))).toEqual([98, 100]);
  });
  it("stops at the ends and leaves other keys alone", () => {
    expect(press("ArrowUp", {}, at(0, 0))?.cursor.row).toBe(0);
    expect(press("x")).toBeNull();
    expect(press("a", { ctrl: true })?.select).toBe("all");
    expect(press(" ", { shift: true })?.select).toBe("row");
  });
});

describe("lists taller than WebKit allows", () => {
  it("are not scaled up to a million compact rows", () => expect(scaleFor(1_000_000, 28, 800)).toBe(1));
  it("reach their last row at the last scroll position", () => {
    const scale = scaleFor(2_000_000, 36, 800);
    expect((TALLEST_PX - 800) * scale).toBeCloseTo(2_000_000 * 36 - 800, 0);
  });
});
