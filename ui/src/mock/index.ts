export const startMock = (): void => {};
