/** From a keyboard event to the registry's way of writing keys, and from there to what is printed on a key cap. */

export const onMac = (): boolean => /mac/i.test(navigator.platform);

export type KeyLike = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

/** `Mod+Shift+Z`, `g`, `Enter`, `?`. Shift is named only where the character does not already show it. */
export function keyName(event: KeyLike): string {
  const mod = onMac() ? event.metaKey : event.ctrlKey;
  let key = event.key === " " ? "Space" : event.key;
  const single = key.length === 1;
  const letter = single && key.toLowerCase() !== key.toUpperCase();
  const parts: string[] = [];
  if (mod) parts.push("Mod");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey && (letter || !single)) parts.push("Shift");
  if (letter) key = parts.length > 0 ? key.toUpperCase() : key.toLowerCase();
  return [...parts, key].join("+");
}

const CAPS: Record<string, string> = { Enter: "Enter", ArrowLeft: "←", ArrowRight: "→", Space: "Space" };

/** Key caps to print: `["Ctrl", "K"]`, `["G", "T"]`. */
export function keyCaps(key: string): string[] {
  if (key.includes(" ")) return key.split(" ").map((part) => part.toUpperCase());
  const parts = key.endsWith("++") ? [...key.slice(0, -2).split("+"), "+"] : key.split("+");
  return parts.map((part) => {
    if (part === "Mod") return onMac() ? "⌘" : "Ctrl";
    if (part === "Shift" && onMac()) return "⇧";
    return CAPS[part] ?? (part.length === 1 ? part.toUpperCase() : part);
  });
}

export const keyLabel = (key: string): string => keyCaps(key).join(key.includes(" ") ? " then " : " ");

/** Letter keys act only when no text field has the focus. */
export function typingInto(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.tagName === "TEXTAREA" || target.tagName === "SELECT") return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit"].includes(target.type);
}
