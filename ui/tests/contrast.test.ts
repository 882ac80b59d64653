import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync("src/shared/styles/tokens.css", "utf8");

function tokensOf(selector: string): Record<string, string> {
  const at = css.indexOf(`${selector} {`);
  const block = css.slice(at, css.indexOf("}", at));
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+):\s*(#[0-9a-f]{3,6})\b/gi)].map(([, name, value]) => [name, value]),
  );
}

function luminance(hex: string): number {
  const full = hex.length === 4 ? [...hex.slice(1)].map((digit) => digit + digit).join("") : hex.slice(1);
  const [r = 0, g = 0, b = 0] = [0, 2, 4].map((at) => {
    const channel = Number.parseInt(full.slice(at, at + 2), 16) / 255;
    return channel <= 0.03928 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const light = tokensOf(":root");
const themes = {
  light,
  dark: { ...light, ...tokensOf('[data-theme="dark"]') },
  hc: { ...light, ...tokensOf('[data-theme="hc"]') },
  "hc-dark": { ...light, ...tokensOf('[data-theme="hc-dark"]') },
};
const SURFACES = ["bg", "surface", "raised", "sunken", "hover", "accent-soft"];
const TEXTS = ["text", "text-2", "text-3", "accent"];

describe.each(Object.entries(themes))("contrast in %s", (_name, tokens) => {
  const check = (front: string, back: string, least: number) =>
    expect(contrast(tokens[front] ?? "#777", tokens[back] ?? "#777"), `${front} on ${back}`).toBeGreaterThanOrEqual(
      least,
    );
  it("reaches 4.5 for text on every surface", () => {
    for (const surface of SURFACES) for (const text of TEXTS) check(text, surface, 4.5);
    for (const tone of ["ok", "warn", "bad"]) {
      check(tone, `${tone}-soft`, 4.5);
      check(tone, "surface", 4.5);
      check("text", `${tone}-soft`, 4.5);
      check("text-2", `${tone}-soft`, 4.5);
    }
    check("on-accent", "accent", 4.5);
    check("disabled", "sunken", 3);
  });
  it("reaches 3 for the lines of controls and the focus ring", () => {
    check("control-line", "surface", 3);
    check("accent", "surface", 3);
  });
});
