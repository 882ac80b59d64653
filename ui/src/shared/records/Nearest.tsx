/** What comes nearest to a record that is open: each condition with its values, and what would have to be allowed. */
import type { NearestView } from "../ipc";
import { tryRule } from "../ruleOffer";
import { Button, c } from "../ui/controls";
import { Money } from "../ui/Money";
import { Checks } from "./dialogs";
import s from "./records.module.css";

export function Nearest({ nearest }: { nearest: NearestView }) {
  const { rule, counterfactual } = nearest;
  return (
    <div className={s.nearest} data-testid="nearest">
      <p>
        Nearest is {nearest.title}, <Money value={nearest.amount} withCurrency />
      </p>
      <Checks checks={nearest.conditions} />
      {counterfactual && (
        <p className={s.counterfactual}>
          {counterfactual.charAt(0).toUpperCase() + counterfactual.slice(1)}.{" "}
          {rule && (
            <Button small onClick={() => tryRule(rule)} data-testid="try-as-rule">
              Try as a rule…
            </Button>
          )}
        </p>
      )}
      {!counterfactual && <p className={c.muted}>No rule may join the two.</p>}
    </div>
  );
}
