"""Splink: the statistical linker (Fellegi-Sunter, EM) with the comparisons its manual would choose, on the DuckDB back end.

It links one record with one record; of its answers the best of each receipt is kept, if it is also the best of its
payment, and an amount that agrees with nothing is only suggested. Groups of many are out of its reach. usage: splink_link.py DATA_FOLDER MATCHES_CSV"""
import json
import logging
import os
import sys

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

logging.disable(logging.WARNING)
folder, out = sys.argv[1], sys.argv[2]
stores = {name: it["entity"] for name, it in json.load(open(os.path.join(folder, "settings.json")))["stores"].items()}
db = duckdb.connect(config={"threads": 1})
db.execute("CREATE TABLE store(store VARCHAR, entity VARCHAR)")
db.executemany("INSERT INTO store VALUES (?, ?)", list(stores.items()))
p = db.execute(f"""
SELECT payment_id AS unique_id, entity, currency, CAST(amount AS DOUBLE) AS amount, amount AS amount_text,
       datediff('day', DATE '2020-01-01', CAST(created_at AS TIMESTAMP)::DATE) AS day, order_number AS ord, nullif(lower(gateway_ref), '') AS gref,
       nullif(upper(strip_accents(customer_name)), '') AS name
FROM read_csv('{folder}/payments.csv', header=true, all_varchar=true) JOIN store USING (store) WHERE status = 'S'
""").df()
r = db.execute(f"""
WITH raw AS (SELECT * FROM read_csv('{folder}/receipts.csv', header=true, all_varchar=true)),
bank AS (SELECT bank_account, mode(entity) AS by_bank FROM raw WHERE coalesce(entity, '') <> '' GROUP BY 1)
SELECT receipt_id AS unique_id, coalesce(nullif(entity, ''), by_bank) AS entity, currency,
       CAST(amount AS DOUBLE) AS amount, amount AS amount_text, datediff('day', DATE '2020-01-01', CAST(date AS DATE)) AS day,
       nullif(ltrim(regexp_extract(coalesce(reference, '') || ' ' || coalesce(memo, ''), '[0-9]{{4,6}}'), '0'), '') AS ord,
       nullif(regexp_extract(lower(coalesce(reference, '') || ' ' || coalesce(memo, '')), '[a-z0-9_]{{7,}}'), '') AS gref,
       nullif(upper(strip_accents(customer_name)), '') AS name
FROM raw LEFT JOIN bank USING (bank_account) WHERE type <> 'deposit'
""").df()

settings = SettingsCreator(
    link_type="link_only",
    blocking_rules_to_generate_predictions=[
        block_on("gref"),
        block_on("entity", "ord"),
        block_on("entity", "currency", "amount_text"),
        block_on("entity", "name"),
    ],
    comparisons=[
        cl.LevenshteinAtThresholds("ord", [1]),
        cl.LevenshteinAtThresholds("gref", [1]),
        cl.CustomComparison(output_column_name="amount", comparison_levels=[
            {"sql_condition": "amount_l IS NULL OR amount_r IS NULL", "label_for_charts": "null", "is_null_level": True},
            {"sql_condition": "amount_l = amount_r AND currency_l = currency_r", "label_for_charts": "equal"},
            {"sql_condition": "currency_l = currency_r AND amount_r BETWEEN amount_l * 0.955 - 0.6 AND amount_l + 0.011",
             "label_for_charts": "net of a fee"},
            {"sql_condition": "ELSE", "label_for_charts": "else"}]),
        cl.JaroWinklerAtThresholds("name", [0.92, 0.8]).configure(term_frequency_adjustments=True),
        cl.CustomComparison(output_column_name="day", comparison_levels=[
            {"sql_condition": "day_l IS NULL OR day_r IS NULL", "label_for_charts": "null", "is_null_level": True},
            {"sql_condition": "day_r - day_l BETWEEN -1 AND 4", "label_for_charts": "soon"},
            {"sql_condition": "day_r - day_l BETWEEN -1 AND 10", "label_for_charts": "late"},
            {"sql_condition": "ELSE", "label_for_charts": "else"}]),
    ],
    retain_intermediate_calculation_columns=False,
)
api = DuckDBAPI(connection=db)
linker = Linker([api.register(p, dataset_display_name="a_payments"), api.register(r, dataset_display_name="b_receipts")], settings)
linker.training.estimate_probability_two_random_records_match(
    [block_on("entity", "ord", "amount_text"), block_on("gref", "amount_text")], recall=0.8)
linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
linker.training.estimate_parameters_using_expectation_maximisation(block_on("entity", "currency", "amount_text"))
linker.training.estimate_parameters_using_expectation_maximisation(block_on("entity", "ord"))
pairs = linker.inference.predict(threshold_match_probability=0.5)
db.execute(f"""
CREATE TABLE best AS
SELECT unique_id_l AS pid, unique_id_r AS rid, match_probability AS sure, gamma_amount AS agrees
FROM {pairs.physical_name}
QUALIFY row_number() OVER (PARTITION BY unique_id_l ORDER BY match_probability DESC, unique_id_r) = 1
    AND row_number() OVER (PARTITION BY unique_id_r ORDER BY match_probability DESC, unique_id_l) = 1""")
db.execute(f"""COPY (SELECT 'm-' || pid AS match_id, unnest(['P', 'R']) AS side, unnest([pid, rid]) AS id,
    CASE WHEN agrees = 0 THEN least(0.89, sure) ELSE least(1, sure) END AS confidence FROM best ORDER BY pid) TO '{out}' (HEADER)""")
