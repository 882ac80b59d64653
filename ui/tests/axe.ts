import axe from "axe-core";

/** Contrast needs real pixels; `contrast.test.ts` proves it over the tokens instead. */
export async function violations(): Promise<string[]> {
  const result = await axe.run(document.body, { rules: { "color-contrast": { enabled: false } } });
  return result.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}
