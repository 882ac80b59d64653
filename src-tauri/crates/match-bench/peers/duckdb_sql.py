"""DuckDB: twelve passes of SQL, as someone who knows both SQL and the trade would write them.

Each pass takes what is left on both sides and keeps only answers that are unique on both sides; earlier passes rest on
harder evidence. usage: duckdb_sql.py DATA_FOLDER MATCHES_CSV [THREADS]
"""
import json
import os
import sys

import duckdb

folder, out = sys.argv[1], sys.argv[2]
threads = int(sys.argv[3]) if len(sys.argv) > 3 else 1
settings = json.load(open(os.path.join(folder, "settings.json")))
db = duckdb.connect(config={"threads": threads})
db.execute("SET preserve_insertion_order = false")


def cents(text):
    return f"CAST(round(CAST({text} AS DECIMAL(18,2)) * 100) AS BIGINT)"


PLAIN = """array_to_string(list_sort(list_filter(string_split_regex(
    upper(strip_accents({0})), '[^A-Z0-9]+'),
    lambda x: x NOT IN ('', 'INC', 'LLC', 'LTD', 'CORP', 'GMBH', 'CO'))), ' ')"""

db.execute("CREATE TABLE store(store VARCHAR, entity VARCHAR, zone VARCHAR)")
db.executemany("INSERT INTO store VALUES (?, ?, ?)",
               [(name, it["entity"], settings["entities"][it["entity"]]["zone"]) for name, it in settings["stores"].items()])
db.execute("CREATE TABLE fee(gateway VARCHAR, pct BIGINT, abroad BIGINT, fixed BIGINT)")
for name, it in settings.get("gateways", {}).items():
    db.execute("INSERT INTO fee VALUES (?, ?, ?, ?)", [
        name, round(float(it["fee_percent"]) * 100), round(float(it.get("international_percent", 0)) * 100),
        round(float(it["fee_fixed"]) * 100)])
charge = round(float(settings.get("chargeback_fee", {}).get("USD", "15")) * 100)
spread = float(settings.get("fx_spread_percent", 1)) / 100
lag = int(settings.get("longest_lag_days", 5))
span = lag + 2 + 2 * (1 + lag // 5)  # business days as calendar days, and a holiday

# Fees are hundredths of a percent in whole numbers: a float rounds some halves the wrong way, and a payout is missed.
# Yen have no cents: a hundred times their amount is kept, and fixed fees of 30 are 30 yen.
db.execute(f"""
CREATE TABLE p AS
WITH raw AS (SELECT * FROM read_csv('{folder}/payments.csv', header=true, all_varchar=true)),
joined AS (
    SELECT payment_id AS id, s.entity, order_number AS ord, type, gateway, lower(gateway_ref) AS gref,
           CAST(created_at AS TIMESTAMP) AS at,
           timezone(s.zone, timezone('UTC', CAST(created_at AS TIMESTAMP))) AS local,
           currency AS cur, {cents('amount')} AS amt, lower(email) AS email, customer_name AS name,
           CASE WHEN currency = 'JPY' THEN 100 ELSE 1 END AS unit
    FROM raw JOIN store s USING (store) WHERE status = 'S')
SELECT j.*, CAST(local AS DATE) AS day,
       CASE WHEN type = 'sale' AND f.pct IS NOT NULL
            THEN amt - ((amt // unit * f.pct + 5000) // 10000 + f.fixed) * unit
            WHEN type = 'chargeback' THEN amt - {charge} * unit ELSE amt END AS net,
       CASE WHEN type = 'sale' AND f.pct IS NOT NULL
            THEN amt - ((amt // unit * (f.pct + f.abroad) + 5000) // 10000 + f.fixed) * unit
            ELSE amt END AS net_abroad,
       {PLAIN.format('name')} AS plain
FROM joined j LEFT JOIN fee f USING (gateway)""")
db.execute(f"""
CREATE TABLE r AS
WITH raw AS (SELECT * FROM read_csv('{folder}/receipts.csv', header=true, all_varchar=true)),
bank AS (SELECT bank_account, mode(entity) AS by_bank FROM raw WHERE coalesce(entity, '') <> '' GROUP BY 1)
SELECT receipt_id AS id, coalesce(nullif(entity, ''), by_bank) AS entity, type, CAST(date AS DATE) AS day,
       currency AS cur, {cents('amount')} AS amt, customer_id AS cid, coalesce(customer_name, '') AS name,
       lower(coalesce(reference, '')) AS ref,
       lower(coalesce(reference, '') || ' ' || coalesce(memo, '')) AS text, {PLAIN.format("coalesce(customer_name, '')")} AS plain
FROM raw LEFT JOIN bank USING (bank_account)""")
db.execute(f"CREATE TABLE rate AS SELECT CAST(date AS DATE) AS day, currency AS cur, CAST(usd_per_unit AS DOUBLE) AS rate"
           f" FROM read_csv('{folder}/rates.csv', header=true, all_varchar=true)")
db.execute("""
CREATE TABLE tok AS SELECT DISTINCT id AS rid, entity, ltrim(t, '0') AS ord
FROM (SELECT id, entity, unnest(regexp_extract_all(text, '[0-9]{4,}')) AS t FROM r WHERE type <> 'deposit')""")
db.execute("""
CREATE TABLE word AS SELECT DISTINCT id AS rid, t AS gref
FROM (SELECT id, unnest(regexp_extract_all(text, '[a-z0-9_]{6,}')) AS t FROM r WHERE type <> 'deposit')""")
db.execute("CREATE TABLE found(match_id VARCHAR, side VARCHAR, id VARCHAR, confidence DOUBLE)")
db.execute("CREATE TABLE link(rid VARCHAR, pid VARCHAR)")


def fresh():
    """What is left, as tables p and r again: the passes shrink them."""
    db.execute("DELETE FROM p WHERE id IN (SELECT id FROM found WHERE side = 'P')")
    db.execute("DELETE FROM r WHERE id IN (SELECT id FROM found WHERE side = 'R')")


def one_to_one(name, confidence, candidates):
    """Candidates (pid, rid), kept where neither has another."""
    db.execute(f"""CREATE OR REPLACE TEMP TABLE cand AS SELECT DISTINCT pid, rid FROM ({candidates})""")
    db.execute("""CREATE OR REPLACE TEMP TABLE uniq AS SELECT pid, rid FROM cand
        QUALIFY count(*) OVER (PARTITION BY pid) = 1 AND count(*) OVER (PARTITION BY rid) = 1""")
    db.execute(f"INSERT INTO found SELECT '{name}-' || rid, 'P', pid, {confidence} FROM uniq")
    db.execute(f"INSERT INTO found SELECT '{name}-' || rid, 'R', rid, {confidence} FROM uniq")
    db.execute("INSERT INTO link SELECT rid, pid FROM uniq")
    fresh()


SAME = "p.cur = r.cur AND p.amt = r.amt AND p.entity = r.entity"
ODD = f"""p.entity = r.entity AND (
    (p.cur = r.cur AND (r.amt IN (p.net, p.net_abroad, p.amt - 1500, p.amt - 2500) OR abs(r.amt - p.amt) = 1))
    OR (p.cur <> r.cur AND r.cur = 'USD' AND abs(r.amt - p.amt * rate.rate * (1 - {spread})) <= greatest(2, 0.004 * abs(r.amt))))"""
RATE = "LEFT JOIN rate ON rate.cur = p.cur AND rate.day = p.day"
SOON = f"r.day BETWEEN p.day - 1 AND p.day + {span}"
EARLIEST = "QUALIFY row_number() OVER (PARTITION BY p.id ORDER BY r.day, r.id) = 1 AND row_number() OVER (PARTITION BY r.id ORDER BY p.at, p.id) = 1"

# 1, 2: a reference and the amount.
one_to_one("gref", 0.999, f"""SELECT p.id AS pid, r.id AS rid FROM p JOIN word w USING (gref) JOIN r ON r.id = w.rid
    WHERE {SAME} AND p.gref <> '' AND {SOON} {EARLIEST}""")
one_to_one("order", 0.995, f"""SELECT p.id AS pid, r.id AS rid FROM p JOIN tok t ON t.ord = p.ord AND t.entity = p.entity
    JOIN r ON r.id = t.rid WHERE {SAME} AND {SOON} {EARLIEST}""")
# 3, 4: a reference and an amount that differs in a known way.
one_to_one("gref-odd", 0.99, f"""SELECT p.id AS pid, r.id AS rid FROM p JOIN word w USING (gref) JOIN r ON r.id = w.rid {RATE}
    WHERE {ODD} AND p.gref <> '' AND {SOON} {EARLIEST}""")
one_to_one("order-odd", 0.97, f"""SELECT p.id AS pid, r.id AS rid FROM p JOIN tok t ON t.ord = p.ord AND t.entity = p.entity
    JOIN r ON r.id = t.rid {RATE} WHERE {ODD} AND {SOON} {EARLIEST}""")
# 5: one receipt for the orders it lists, all their payments together.
db.execute(f"""CREATE OR REPLACE TEMP TABLE listed AS
    SELECT r.id AS rid, p.id AS pid, r.amt AS amt, p.amt AS part FROM r JOIN tok t ON t.rid = r.id
    JOIN p ON p.ord = t.ord AND p.entity = t.entity AND p.cur = r.cur AND r.day BETWEEN p.day - 1 AND p.day + {span + 8}""")
db.execute("""CREATE OR REPLACE TEMP TABLE sums AS SELECT rid, list(pid) AS pids FROM listed GROUP BY rid
    HAVING count(*) > 1 AND sum(part) = any_value(amt)""")
db.execute("""CREATE OR REPLACE TEMP TABLE taken AS SELECT rid, unnest(pids) AS pid FROM sums""")
db.execute("""DELETE FROM taken WHERE rid IN (SELECT rid FROM taken QUALIFY count(*) OVER (PARTITION BY pid) > 1)""")
db.execute("INSERT INTO found SELECT 'list-' || rid, 'P', pid, 0.99 FROM taken")
db.execute("INSERT INTO found SELECT DISTINCT 'list-' || rid, 'R', rid, 0.99 FROM taken")
db.execute("INSERT INTO link SELECT rid, pid FROM taken")
fresh()
# 6: several receipts that name one payment.
db.execute(f"""CREATE OR REPLACE TEMP TABLE parts AS
    SELECT DISTINCT p.id AS pid, r.id AS rid, p.amt AS amt, r.amt AS part FROM p JOIN (
        SELECT p.id AS pid, w.rid FROM p JOIN word w USING (gref) WHERE p.gref <> ''
        UNION SELECT p.id, t.rid FROM p JOIN tok t ON t.ord = p.ord AND t.entity = p.entity) c ON c.pid = p.id
    JOIN r ON r.id = c.rid AND r.cur = p.cur AND r.entity = p.entity AND {SOON} AND sign(r.amt) = sign(p.amt)""")
db.execute("""CREATE OR REPLACE TEMP TABLE taken AS SELECT pid, unnest(rids) AS rid FROM (
    SELECT pid, list(rid) AS rids FROM parts GROUP BY pid HAVING count(*) > 1 AND sum(part) = any_value(amt))""")
db.execute("""DELETE FROM taken WHERE pid IN (SELECT pid FROM taken QUALIFY count(*) OVER (PARTITION BY rid) > 1)""")
db.execute("INSERT INTO found SELECT 'parts-' || pid, 'R', rid, 0.99 FROM taken")
db.execute("INSERT INTO found SELECT DISTINCT 'parts-' || pid, 'P', pid, 0.99 FROM taken")
fresh()
# 7: payouts. Each channel's cut-off hour is the one that explains most of its deposits; then windows from one cut-off to
# another, net of fees, which add up to the cent.
db.execute("""CREATE OR REPLACE TEMP TABLE channel AS
    SELECT entity, gateway, cur, row_number() OVER () AS ch FROM (SELECT DISTINCT entity, gateway, cur FROM p)""")
db.execute("""CREATE OR REPLACE TEMP TABLE cp AS SELECT ch, p.id, p.local, p.net FROM p JOIN channel USING (entity, gateway, cur)
    WHERE gateway IN ('stripe', 'paypal', 'adyen')""")
db.execute("""CREATE OR REPLACE TEMP TABLE dep AS SELECT r.id, ch, r.day, r.amt, r.text FROM r JOIN channel c USING (entity, cur)
    WHERE r.type = 'deposit' AND gateway IN ('stripe', 'paypal', 'adyen')
      AND (contains(r.text, gateway) OR NOT regexp_matches(r.text, 'stripe|paypal|adyen'))""")
db.execute("""CREATE OR REPLACE TEMP TABLE cum AS
    WITH hours AS (SELECT unnest(range(24)) AS h),
    sold AS (SELECT ch, h, CAST(local - to_hours(h) AS DATE) + 1 AS d, sum(net) AS net FROM cp, hours GROUP BY ALL),
    days AS (SELECT ch, h, unnest(generate_series(min(d) - 1, max(d) + 1, INTERVAL 1 DAY))::DATE AS d FROM sold GROUP BY ch, h)
    SELECT ch, h, d, CAST(sum(coalesce(net, 0)) OVER (PARTITION BY ch, h ORDER BY d) AS BIGINT) AS total
    FROM days LEFT JOIN sold USING (ch, h, d)""")
WINDOW = """SELECT dep.id AS rid, dep.ch, e.h, s.d AS opens, e.d AS closes FROM dep
    JOIN cum e ON e.ch = dep.ch AND e.d BETWEEN dep.day - 10 AND dep.day
    JOIN cum s ON s.ch = e.ch AND s.h = e.h AND s.total = e.total - dep.amt AND s.d BETWEEN e.d - 8 AND e.d - 1"""
db.execute(f"""CREATE OR REPLACE TEMP TABLE hour AS SELECT ch, h FROM (
    SELECT ch, h, count(DISTINCT rid) AS hits FROM ({WINDOW}) GROUP BY ch, h)
    QUALIFY row_number() OVER (PARTITION BY ch ORDER BY hits DESC, h) = 1""")
db.execute(f"""CREATE OR REPLACE TEMP TABLE win AS SELECT rid, ch, h, max(opens) AS opens, min(closes) AS closes
    FROM ({WINDOW}) JOIN hour USING (ch, h) GROUP BY rid, ch, h
    QUALIFY count(*) OVER (PARTITION BY rid) = 1""")
db.execute("""CREATE OR REPLACE TEMP TABLE taken AS SELECT win.rid, cp.id AS pid FROM win JOIN cp ON cp.ch = win.ch
    AND cp.local >= CAST(win.opens AS TIMESTAMP) + to_hours(win.h) AND cp.local < CAST(win.closes AS TIMESTAMP) + to_hours(win.h)""")
db.execute("""DELETE FROM taken WHERE rid IN (SELECT rid FROM taken QUALIFY count(*) OVER (PARTITION BY pid) > 1)
    OR rid IN (SELECT rid FROM taken GROUP BY rid HAVING count(*) < 2)""")
db.execute("INSERT INTO found SELECT 'payout-' || rid, 'P', pid, 0.99 FROM taken")
db.execute("INSERT INTO found SELECT DISTINCT 'payout-' || rid, 'R', rid, 0.99 FROM taken")
fresh()
db.execute("DELETE FROM r WHERE type = 'deposit'")
db.execute("DELETE FROM p WHERE gateway IN ('stripe', 'paypal', 'adyen')")
# 8: the front or the end of a gateway's number, or an order number with one slip.
one_to_one("cut", 0.96, f"""SELECT p.id AS pid, r.id AS rid FROM p JOIN word w ON left(w.gref, 6) = left(p.gref, 6)
    JOIN r ON r.id = w.rid {RATE} WHERE p.gref <> '' AND (starts_with(p.gref, w.gref) OR damerau_levenshtein(p.gref, w.gref) = 1)
    AND (({SAME}) OR {ODD}) AND {SOON}""")
one_to_one("slip", 0.93, f"""SELECT p.id AS pid, r.id AS rid FROM p JOIN r ON {SAME} AND {SOON} JOIN tok t ON t.rid = r.id
    WHERE abs(length(t.ord) - length(p.ord)) <= 1 AND damerau_levenshtein(t.ord, p.ord) = 1
      AND (r.plain = '' OR jaro_winkler_similarity(r.plain, p.plain) > 0.75)""")
# 9: the same customer, amount and days. Whose customer an Intacct id is, was learned above.
db.execute(f"""CREATE OR REPLACE TEMP TABLE known AS SELECT cid, mode(email) AS email FROM (
    SELECT raw_r.customer_id AS cid, lower(raw_p.email) AS email FROM link
    JOIN read_csv('{folder}/receipts.csv', header=true, all_varchar=true) raw_r ON raw_r.receipt_id = link.rid
    JOIN read_csv('{folder}/payments.csv', header=true, all_varchar=true) raw_p ON raw_p.payment_id = link.pid)
    GROUP BY cid HAVING count(*) = 1 OR count(DISTINCT email) = 1""")
one_to_one("customer", 0.97, f"""SELECT p.id AS pid, r.id AS rid FROM r JOIN known USING (cid)
    JOIN p ON p.email = known.email AND {SAME} AND {SOON}""")
# 10: the same name, amount and days.
one_to_one("name", 0.95, f"""SELECT p.id AS pid, r.id AS rid FROM p JOIN r ON {SAME} AND {SOON}
    AND r.plain <> '' AND p.plain = r.plain""")
one_to_one("name-near", 0.92, f"""SELECT p.id AS pid, r.id AS rid FROM p JOIN r ON {SAME} AND {SOON}
    AND r.plain <> '' AND jaro_winkler_similarity(p.plain, r.plain) > 0.9""")
one_to_one("name-odd", 0.91, f"""SELECT p.id AS pid, r.id AS rid FROM p {RATE} JOIN r ON p.plain = r.plain AND r.plain <> '' AND {ODD} AND {SOON}""")
# 11: two receipts or two payments of one customer that add up.
db.execute(f"""CREATE OR REPLACE TEMP TABLE two AS SELECT p.id AS pid, a.id AS one, b.id AS other FROM p
    JOIN r a ON a.plain = p.plain AND a.plain <> '' AND a.cur = p.cur AND a.entity = p.entity AND a.day BETWEEN p.day - 1 AND p.day + {span}
    JOIN r b ON b.plain = a.plain AND b.cur = a.cur AND b.entity = a.entity AND b.id > a.id AND a.amt + b.amt = p.amt
        AND b.day BETWEEN p.day - 1 AND p.day + {span}
    WHERE a.amt > 0 AND b.amt > 0
    QUALIFY count(*) OVER (PARTITION BY p.id) = 1 AND count(*) OVER (PARTITION BY a.id) = 1 AND count(*) OVER (PARTITION BY b.id) = 1""")
db.execute("""DELETE FROM two WHERE one IN (SELECT other FROM two)""")
db.execute("INSERT INTO found SELECT 'two-' || pid, 'P', pid, 0.92 FROM two")
db.execute("INSERT INTO found SELECT 'two-' || pid, 'R', unnest([one, other]), 0.92 FROM two")
fresh()
db.execute(f"""CREATE OR REPLACE TEMP TABLE two AS SELECT r.id AS rid, a.id AS one, b.id AS other FROM r
    JOIN p a ON a.plain = r.plain AND r.plain <> '' AND a.cur = r.cur AND a.entity = r.entity AND r.day BETWEEN a.day - 1 AND a.day + {span}
    JOIN p b ON b.email = a.email AND b.cur = a.cur AND b.id > a.id AND a.amt + b.amt = r.amt AND r.day BETWEEN b.day - 1 AND b.day + {span}
    WHERE a.amt > 0 AND b.amt > 0
    QUALIFY count(*) OVER (PARTITION BY r.id) = 1 AND count(*) OVER (PARTITION BY a.id) = 1 AND count(*) OVER (PARTITION BY b.id) = 1""")
db.execute("""DELETE FROM two WHERE one IN (SELECT other FROM two)""")
db.execute("INSERT INTO found SELECT 'sum-' || rid, 'R', rid, 0.92 FROM two")
db.execute("INSERT INTO found SELECT 'sum-' || rid, 'P', unnest([one, other]), 0.92 FROM two")
fresh()
# 12: amount and days alone: to be asked about.
one_to_one("amount", 0.70, f"""SELECT p.id AS pid, r.id AS rid FROM p JOIN r ON {SAME} AND {SOON}""")
db.execute(f"COPY (SELECT * FROM found ORDER BY match_id, side, id) TO '{out}' (HEADER, DELIMITER ',')")
