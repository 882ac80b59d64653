/** Puts text on the clipboard; the older way where the newer one is not allowed. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = document.createElement("textarea");
    field.value = text;
    field.style.position = "fixed";
    const before = document.activeElement;
    document.body.append(field);
    field.select();
    const copied = document.execCommand?.("copy") ?? false;
    field.remove();
    if (before instanceof HTMLElement) before.focus();
    return copied;
  }
}

/** The reader has marked text with the pointer: the key is theirs. */
export const textIsMarked = (): boolean => (getSelection()?.toString() ?? "") !== "";
