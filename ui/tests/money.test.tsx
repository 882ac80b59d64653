import { render } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { formatAmount } from "../src/shared/format/money";
import { Money } from "../src/shared/ui/Money";

const say = (text: string, currency = "USD", style: Partial<Parameters<typeof formatAmount>[1]> = {}) =>
  formatAmount({ amount: text, currency }, { negative: "parentheses", zero: "dash", locale: "en", ...style });

describe("money on screen", () => {
  it.each([
    ["1234.5", "USD", "1,234.50"],
    ["-748.71", "USD", "(748.71)"],
    ["0.00", "EUR", "–"],
    ["-0.00", "EUR", "–"],
    ["1200", "JPY", "1,200"],
    ["1.5", "BHD", "1.500"],
    ["12345678901234567890.12", "USD", "12,345,678,901,234,567,890.12"],
    ["0.1234", "USD", "0.1234"],
    ["not a number", "USD", "not a number"],
  ])("%s %s is written %s", (text, currency, shown) => expect(say(text, currency).text).toBe(shown));

  it("writes a minus sign and digits of zero when asked", () => {
    expect(say("-1.00", "USD", { negative: "minus" }).text).toBe("\u22121.00");
    expect(say("0", "USD", { zero: "digits" }).text).toBe("0.00");
  });

  it("follows the locale's marks", () => expect(say("1234567.89", "EUR", { locale: "de" }).text).toBe("1.234.567,89"));

  it("tells the ear sign and currency", () => {
    expect(say("-1234").spoken).toBe("minus 1,234.00 US dollars");
    expect(say("0").spoken).toBe("zero US dollars");
  });

  it("shows nothing where an amount does not apply", () => {
    const { container } = render(<Money value={null} />);
    expect(container.textContent).toBe("");
  });

  it("keeps the exact text for those who read the page by program", () => {
    const { container } = render(<Money value={{ amount: "-16.00", currency: "USD" }} />);
    expect(container.querySelector("[data-amount='-16.00'][data-currency='USD']")?.textContent).toContain("(16.00)");
  });
});
