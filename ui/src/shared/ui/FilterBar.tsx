/** The conditions a list is narrowed by, each removable, and a small form to add one. */
import { useState } from "react";
import type { FieldFilter, FilterField, FilterOp } from "../ipc";
import { Button, c, KeyCaps } from "./controls";
import s from "./FilterBar.module.css";
import { Icon } from "./Icon";

const FIELD_WORD: Record<FilterField, string> = {
  text: "Anything",
  account: "Account",
  currency: "Currency",
  party: "Party",
  reference: "Reference",
  gateway: "Gateway",
  age: "Age",
  amount: "Amount",
  date: "Date",
  kind: "Kind",
  owner: "Owner",
};
const OP_WORD: Record<FilterOp, string> = {
  is: "is",
  isNot: "is not",
  contains: "contains",
  over: "over",
  under: "under",
};

export const filterText = ({ field, op, value }: FieldFilter): string =>
  `${FIELD_WORD[field]} ${OP_WORD[op]} ${value}${field === "age" ? " d" : ""}`;

type FilterBarProps = {
  filters: FieldFilter[];
  onChange: (filters: FieldFilter[]) => void;
  fields: readonly FilterField[];
  aside?: string;
};

export function FilterBar({ filters, onChange, fields, aside }: FilterBarProps) {
  const [adding, setAdding] = useState(false);
  const [field, setField] = useState<FilterField>("text");
  const [op, setOp] = useState<FilterOp>("contains");
  const [value, setValue] = useState("");
  const add = () => {
    if (value.trim()) onChange([...filters, { field, op, value: value.trim() }]);
    setValue("");
    setAdding(false);
  };
  return (
    <div className={s.filters} data-pane>
      {filters.map((filter) => (
        <button
          type="button"
          key={filterText(filter)}
          className={s.filter}
          aria-label={`Remove filter ${filterText(filter)}`}
          onClick={() => onChange(filters.filter((one) => one !== filter))}
          data-testid="filter-chip"
        >
          {filterText(filter)}
          <Icon name="cross" small />
        </button>
      ))}
      {adding ? (
        <form
          className={c.row}
          onSubmit={(event) => {
            event.preventDefault();
            add();
          }}
          onKeyDown={(event) => event.key === "Escape" && setAdding(false)}
        >
          <select
            className={c.select}
            aria-label="Field"
            value={field}
            onChange={(event) => setField(event.target.value as FilterField)}
          >
            {fields.map((one) => (
              <option key={one} value={one}>
                {FIELD_WORD[one]}
              </option>
            ))}
          </select>
          <select
            className={c.select}
            aria-label="Condition"
            value={op}
            onChange={(event) => setOp(event.target.value as FilterOp)}
          >
            {Object.entries(OP_WORD).map(([one, word]) => (
              <option key={one} value={one}>
                {word}
              </option>
            ))}
          </select>
          <input
            className={c.input}
            autoFocus
            aria-label="Value"
            value={value}
            onChange={(event) => setValue(event.target.value)}
            data-testid="filter-value"
          />
          <button type="submit" className={c.button}>
            Filter
          </button>
        </form>
      ) : (
        <Button look="quiet" small onClick={() => setAdding(true)} data-testid="add-filter">
          Add filter <KeyCaps keys="f" />
        </Button>
      )}
      <span className={c.grow} />
      {aside && <span className={`${c.faint} ${c.smallText}`}>{aside}</span>}
    </div>
  );
}
