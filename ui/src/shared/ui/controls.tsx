/** Small parts: a button that knows its action and key, chips, key caps, check lines. */
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { keyCaps, keyLabel } from "../actions/keys";
import { useActionCentre } from "../actions/provider";
import { type ActionId, actions } from "../actions/registry";
import type { Tone } from "../ipc";
import c from "./controls.module.css";
import { Icon, type IconName } from "./Icon";

export { default as c } from "./controls.module.css";

type Look = "normal" | "primary" | "quiet" | "danger";

type ButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "type"> & {
  look?: Look;
  small?: boolean;
  wide?: boolean;
  iconOnly?: boolean;
  "data-testid"?: string;
};

export function Button({ look = "normal", small, wide, iconOnly, className, ...rest }: ButtonProps) {
  const base = { normal: c.button, primary: c.primary, quiet: c.quiet, danger: c.danger }[look];
  const names = [base, small && c.small, wide && c.wide, iconOnly && c.iconOnly, className].filter(Boolean).join(" ");
  return <button type="button" className={names} {...rest} />;
}

export function KeyCaps({ keys }: { keys: string }) {
  const caps = keyCaps(keys);
  return (
    <span className={c.keys} aria-hidden="true">
      {caps.map((cap, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: caps of one key never move
        <kbd key={at}>{cap}</kbd>
      ))}
    </span>
  );
}

/** A button for an action of the registry: same word, same key, same handler as everywhere else. */
export function ActionButton({
  action,
  children,
  disabled,
  showKey = true,
  ...rest
}: ButtonProps & { action: ActionId; children?: ReactNode; showKey?: boolean }) {
  const centre = useActionCentre();
  const { label, keys } = actions[action];
  const key = keys[0];
  return (
    <Button
      {...rest}
      disabled={disabled}
      title={key ? `${label} (${keyLabel(key)})` : label}
      aria-keyshortcuts={key?.replace("Mod", "Control")}
      data-testid={rest["data-testid"] ?? `action-${action}`}
      onClick={() => centre.run(action)}
    >
      {children ?? label}
      {showKey && key && <KeyCaps keys={key} />}
    </Button>
  );
}

export function Chip({
  tone = "plain",
  icon,
  title,
  children,
}: {
  tone?: Tone;
  icon?: IconName;
  title?: string;
  children: ReactNode;
}) {
  return (
    <span className={c.chip} data-tone={tone} title={title}>
      {icon && <Icon name={icon} small />}
      {children}
    </span>
  );
}

const TONE_ICON: Record<Tone, IconName> = { plain: "dot", ok: "check", warn: "warning", bad: "cross" };

export function ToneIcon({ tone, word }: { tone: Tone; word?: string }) {
  return (
    <span className={c.tone} data-tone={tone}>
      <Icon name={TONE_ICON[tone]} />
      {word && <span className="vh">{word}: </span>}
    </span>
  );
}
