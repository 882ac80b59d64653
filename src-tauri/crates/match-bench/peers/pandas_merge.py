"""pandas: what most people do first. Merge on the order number, or on the gateway's reference, or on amount and day; what
is unique on both sides is a match. usage: pandas_merge.py DATA_FOLDER MATCHES_CSV"""
import json
import os
import sys

import pandas as pd

folder, out = sys.argv[1], sys.argv[2]
stores = {name: it["entity"] for name, it in json.load(open(os.path.join(folder, "settings.json")))["stores"].items()}
p = pd.read_csv(os.path.join(folder, "payments.csv"), dtype=str, keep_default_na=False)
r = pd.read_csv(os.path.join(folder, "receipts.csv"), dtype=str, keep_default_na=False)
p = p[p["status"] == "S"].copy()
p["entity"] = p["store"].map(stores)
p["date"] = p["created_at"].str[:10]
p["p_date"] = pd.to_datetime(p["date"])
r["r_date"] = pd.to_datetime(r["date"])
found = []


def take(left_on, right_on, confidence, p, r):
    r = r[(r[right_on[0]] != "")]
    both = p[["payment_id", "p_date", *left_on]].merge(
        r[["receipt_id", "r_date", *right_on]], left_on=left_on, right_on=right_on, how="inner")
    late = (both["r_date"] - both["p_date"]).dt.days
    both = both[(late >= -1) & (late <= 10)]
    both = both.drop_duplicates(["payment_id", "receipt_id"])
    alone = ~both["payment_id"].duplicated(keep=False) & ~both["receipt_id"].duplicated(keep=False)
    both = both[alone][["payment_id", "receipt_id"]].assign(confidence=confidence)
    found.append(both)
    return both


def without(p, r, taken):
    return p[~p["payment_id"].isin(taken["payment_id"])], r[~r["receipt_id"].isin(taken["receipt_id"])]


for column, confidence in [("order_number", 0.99), ("gateway_ref", 0.99)]:
    keys = [column, "entity", "currency", "amount"]
    taken = take(keys, ["reference", "entity", "currency", "amount"], confidence, p, r)
    p, r = without(p, r, taken)
for name, confidence in [("customer_name", 0.95), (None, 0.90)]:
    keys = ["entity", "currency", "amount"] + ([name] if name else [])
    taken = take(keys, keys, confidence, p, r)
    p, r = without(p, r, taken)
found = pd.concat(found, ignore_index=True)
found["match_id"] = ["m%d" % at for at in range(len(found))]
left = found[["match_id", "payment_id", "confidence"]].rename(columns={"payment_id": "id"}).assign(side="P")
right = found[["match_id", "receipt_id", "confidence"]].rename(columns={"receipt_id": "id"}).assign(side="R")
pd.concat([left, right])[["match_id", "side", "id", "confidence"]].to_csv(out, index=False)
