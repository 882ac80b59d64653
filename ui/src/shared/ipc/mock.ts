/** Lets a table of handlers stand in for the backend: in tests, and in a browser during development. */
import { emit } from "@tauri-apps/api/event";
import { clearMocks, mockIPC } from "@tauri-apps/api/mocks";

export type Handlers = Record<string, (request: never) => unknown>;

export function installMock(handlers: Handlers, delayMs: (command: string) => number = () => 0): void {
  mockIPC(
    async (command, args) => {
      const handler = handlers[command];
      if (!handler) throw `Command ${command} not found`;
      const wait = delayMs(command);
      if (wait > 0) await new Promise((done) => setTimeout(done, wait));
      return handler((args as { request?: never } | undefined)?.request as never);
    },
    { shouldMockEvents: true },
  );
}

export const removeMock = clearMocks;

export const sendEvent = (name: "job-progress" | "data-changed", payload: unknown): void => {
  void emit(name, payload);
};
