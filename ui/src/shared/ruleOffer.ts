/** A rule that another screen offers to be tried: a block of text, taken by the Rules tab when it opens. */
import { go } from "./nav";

let offered: string | null = null;

/** Opens the Rules tab with the block under the text in force, and tries it. Nothing is saved. */
export function tryRule(block: string): void {
  offered = block;
  go({ screen: "settings", tab: "rules" });
}

/** Once. */
export function takeOffer(): string | null {
  const block = offered;
  offered = null;
  return block;
}
