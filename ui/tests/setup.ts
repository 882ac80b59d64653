/** jsdom lays nothing out: every element gets a size, so that grids draw rows, and events of Tauri are mocked. */
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach } from "vitest";
import { removeMock } from "../src/shared/ipc/mock";
import { closeDialog } from "../src/shared/ui/dialog";
import { clearToasts } from "../src/shared/ui/toast";

// A screen's code is read, and here compiled, when it is first gone to.
configure({ asyncUtilTimeout: 10_000 });

Object.defineProperty(HTMLElement.prototype, "offsetHeight", { configurable: true, get: () => 800 });
Object.defineProperty(HTMLElement.prototype, "offsetWidth", { configurable: true, get: () => 1200 });
Object.defineProperty(HTMLElement.prototype, "clientHeight", { configurable: true, get: () => 800 });
Element.prototype.scrollTo = () => undefined;
Element.prototype.scrollIntoView = () => undefined;
// jsdom has neither; React Aria and axe ask for them.
globalThis.CSS ??= { escape: (text: string) => text.replace(/[^\w-]/g, (char) => `\\${char}`) } as typeof CSS;
HTMLCanvasElement.prototype.getContext = () => null;
globalThis.ResizeObserver = class {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
};

beforeEach(() => {
  localStorage.clear();
});

afterEach(async () => {
  closeDialog();
  clearToasts();
  cleanup();
  // Listeners are taken off asynchronously; the mock must outlive them.
  await new Promise((done) => setTimeout(done, 5));
  removeMock();
});
