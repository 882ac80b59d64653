#!/usr/bin/env python3
"""The whole table of docs/benchmarks.md in one run: data, U, `tieout match` and its peers side by side, determinism.

    python3 -m venv VENV && VENV/bin/pip install -r peers/requirements.txt
    ./run.py --tieout target/release/tieout --judge target/release/match-bench --python VENV/bin/python --work DIR
        [--modes clean realistic hostile] [--sizes 10000 100000 1000000] [--seeds 1 2 3 4 5] [--held-out] [--seen] [--peers ...]

Every figure of cost is CPU seconds of user and system, over U of the same minute (the mean of one U before and one after).
"""
import argparse
import csv
import hashlib
import json
import os
import random
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
HELD_OUT = {"other-trade": "realistic", "quiet-books": "realistic", "worn": "hostile"}
SEEN = {"another-shop": "realistic", "silent-settings": "realistic", "rough": "hostile"}  # held out until tuned after
LAID_OVER = HELD_OUT | SEEN
PEER_LIMIT = {"splink": 100_000}  # a million was tried once and did not end
SPLINK_SEEDS = 1


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tieout")
    parser.add_argument("--judge", required=True)
    parser.add_argument("--python", default=sys.executable)
    parser.add_argument("--work", required=True)
    parser.add_argument("--modes", nargs="*", default=["clean", "realistic", "hostile"])
    parser.add_argument("--sizes", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--seeds", nargs="*", type=int, default=[1, 2, 3, 4, 5])
    parser.add_argument("--peers", nargs="*", default=["duckdb", "splink", "pandas"])
    parser.add_argument("--held-out", action="store_true", help="the settings nobody tunes on, at 100,000 payments")
    parser.add_argument("--seen", action="store_true", help="the settings that were held out once, at 100,000 payments")
    parser.add_argument("--determinism", action="store_true")
    parser.add_argument("--timeout", type=int, default=900)
    return parser.parse_args()


ASKED = arguments()


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def short(size):
    return f"{size // 1_000_000}m" if size >= 1_000_000 else f"{size // 1000}k"


def data(mode, size, seed):
    """The folder of a set, made if it is not there."""
    folder = os.path.join(ASKED.work, f"{mode}-{short(size)}-{seed}")
    if not os.path.exists(os.path.join(folder, "noise.json")):
        noise = ["--noise", os.path.join(HERE, "noise", "held-out", f"{mode}.json")] if mode in LAID_OVER else []
        output(ASKED.judge, "generate", "--mode", LAID_OVER.get(mode, mode), "--payments", str(size),
               "--seed", str(seed + (100 if noise else 0)), "--out", folder, *noise)
    return folder


def command(who, folder, matches):
    """How each is asked, and where its exceptions are, if it has any."""
    script = {"duckdb": "duckdb_sql.py", "splink": "splink_link.py", "pandas": "pandas_merge.py"}
    if who in script:
        return [ASKED.python, os.path.join(HERE, "peers", script[who]), folder, matches], None
    threads = who.split("-")[1]
    exceptions = matches.replace(".csv", ".exceptions.csv")
    return tieout(folder, matches, threads, exceptions), exceptions


def tieout(folder, matches, threads, exceptions):
    at = lambda name: os.path.join(folder, name)
    return [ASKED.tieout, "match", "--payments", at("payments.csv"), "--receipts", at("receipts.csv"),
            "--rates", at("rates.csv"), "--settings", at("settings.json"), "--out", matches,
            "--exceptions", exceptions, "--threads", str(threads)]


def unit(folder):
    return float(output(ASKED.judge, "unit", "--data", folder, "--rounds", "3"))


def measured(who, folder):
    matches = os.path.join(ASKED.work, f"{os.path.basename(folder)}.{who}.csv")
    asked, exceptions = command(who, folder, matches)
    before = unit(folder)
    ran = subprocess.run([ASKED.judge, "measure", "--", *asked], capture_output=True, text=True, timeout=ASKED.timeout)
    if ran.returncode != 0:
        said = [line for line in ran.stderr.splitlines() if "Error" in line] or ["it failed"]
        raise RuntimeError(said[-1])
    cost = json.loads(ran.stdout)
    cost["unit"] = (before + unit(folder)) / 2
    cost["input"] = sum(os.path.getsize(os.path.join(folder, name)) for name in ("payments.csv", "receipts.csv"))
    return cost, matches, exceptions


def contestants(size):
    ours = ["tieout-1", "tieout-2"] if ASKED.tieout else []
    return ours + [it for it in ASKED.peers if size <= PEER_LIMIT.get(it, size)]


def score(folders, matches, exceptions):
    told = ["--exceptions", *exceptions] if all(exceptions) else []
    return json.loads(output(ASKED.judge, "score", "--json", "--data", *folders, "--matches", *matches, *told))


HEAD = ("| data | payments | who | auto group F1 | false auto groups | false auto money | pair F1 auto / all | exceptions left "
        "alone | outright | CPU s | in U | wall s | peak MB | peak / input |\n" + "|---" * 14 + "|")


def row(mode, size, seeds, who):
    costs, folders, matches, exceptions = [], [], [], []
    for seed in seeds[:SPLINK_SEEDS] if who == "splink" else seeds:
        folder = data(mode, size, seed)
        cost, found, left = measured(who, folder)
        costs.append(cost)
        folders.append(folder)
        matches.append(found)
        exceptions.append(left)
    it = score(folders, matches, exceptions)
    outright = [it[name] for name in ("record_in_two_matches", "not_money_matched", "currencies_mixed", "free_swaps")]
    mean = lambda of: sum(of(cost) for cost in costs) / len(costs)
    cells = [
        mode, f"{size:,}", who, f"{it['group_f1']:.4f}", f"{it['false_groups']} ({it['false_groups_share']:.4%})",
        f"{it['false_money_share']:.4%}", f"{it['pair_f1']:.4f} / {it['pair_f1_with_suggestions']:.4f}",
        f"{it['exceptions_left_alone']:.4f}", "/".join(map(str, outright)), f"{mean(lambda c: c['cpu_seconds']):.2f}",
        f"{mean(lambda c: c['cpu_seconds'] / c['unit']):.1f}", f"{mean(lambda c: c['wall_seconds']):.2f}",
        f"{max(c['peak_kib'] for c in costs) / 1024:.0f}", f"{max(c['peak_kib'] * 1024 / c['input'] for c in costs):.1f}",
    ]
    print("| " + " | ".join(cells) + " |", flush=True)
    return it, costs


def table(modes, sizes, seeds):
    print(HEAD, flush=True)
    results = {}
    for size in sizes:
        for mode in modes:
            for who in contestants(size):
                # At a million one set is enough, and one is what time allows.
                try:
                    results[mode, size, who] = row(mode, size, seeds[:1] if size >= 1_000_000 else seeds, who)
                except (RuntimeError, subprocess.SubprocessError) as error:
                    print(f"| {mode} | {size:,} | {who} | did not finish: {str(error).strip().splitlines()[-1][:90]} |" + " |" * 10, flush=True)
    return results


def calibration(results, sizes):
    print("\n| confidence | " + " | ".join(f"{mode} {size:,}" for (mode, size, who) in results if who == "tieout-1") + " |")
    columns = [it["bands"] for (_, _, who), (it, _) in results.items() if who == "tieout-1"]
    print("|---" * (len(columns) + 1) + "|")
    names = ["below .50", "[.50,.90)", "[.90,.95)", "[.95,.99)", "[.99,1]"]
    for at, name in enumerate(names):
        cells = [f"{right:,}/{every:,} ({right / every:.4f})" if every else "-" for _, right, every in (it[at] for it in columns)]
        print(f"| {name} | " + " | ".join(cells) + " |")


def kinds(results):
    ours = {(mode, size): it["kinds"] for (mode, size, who), (it, _) in results.items() if who == "tieout-1"}
    theirs = {(mode, size): it["kinds"] for (mode, size, who), (it, _) in results.items() if who == "duckdb"}
    size = max((size for _, size in ours if size <= 100_000), default=None)
    if size is None:
        return
    modes = [mode for mode, at in ours if at == size]
    print(f"\nRecall by kind at {size:,}: automatic (with suggestions), DuckDB's automatic; false automatic groups of that kind\n")
    print("| kind | " + " | ".join(modes) + " |\n" + "|---" * (len(modes) + 1) + "|")
    for kind in sorted({kind for mode in modes for kind in ours[mode, size]}):
        cells = []
        for mode in modes:
            it = ours[mode, size].get(kind)
            if it is None or not it["groups"]:
                cells.append(f"{it['false']} false" if it else "-")
                continue
            other = theirs.get((mode, size), {}).get(kind, {"automatic": 0})
            of = lambda count: f"{count / it['groups']:.3f}"
            cells.append(f"{of(it['automatic'])} ({of(it['automatic'] + it['suggested'])}), {of(other['automatic'])}; {it['false']} of {it['groups']:,}")
        print(f"| {kind} | " + " | ".join(cells) + " |")


def hashed(path):
    return hashlib.sha256(open(path, "rb").read()).hexdigest()[:16]


def sets(path):
    """Who is with whom and how sure, whatever the matches are called and in whatever order they stand."""
    groups = {}
    for it in csv.DictReader(open(path, newline="")):
        groups.setdefault(it["match_id"], []).append((it["side"], it["id"], it["confidence"]))
    return frozenset(frozenset(it) for it in groups.values())


def shuffled(folder, seed):
    to = os.path.join(ASKED.work, "shuffled")
    os.makedirs(to, exist_ok=True)
    for name in ("payments.csv", "receipts.csv", "rates.csv", "settings.json"):
        lines = open(os.path.join(folder, name), encoding="utf-8").read().splitlines(True)
        if name in ("payments.csv", "receipts.csv"):
            head, rest = lines[0], lines[1:]
            random.Random(seed).shuffle(rest)
            lines = [head, *rest]
        open(os.path.join(to, name), "w", encoding="utf-8").writelines(lines)
    return to


def determinism(mode, size):
    folder = data(mode, size, 1)
    out, left = os.path.join(ASKED.work, "again.csv"), os.path.join(ASKED.work, "again.exceptions.csv")
    print(f"\nDeterminism, {mode} {size:,}: sha256 of matches.csv and of exceptions.csv")
    seen = set()
    for threads in (1, 2):
        for _ in range(3):
            subprocess.run(tieout(folder, out, threads, left), check=True, capture_output=True)
            seen.add((hashed(out), hashed(left)))
            print(f"- {threads} thread(s): {hashed(out)} {hashed(left)}")
    print("- byte-identical" if len(seen) == 1 else "- DIFFERENT")
    whole = sets(out)
    for seed in range(1, 6):
        subprocess.run(tieout(shuffled(folder, seed), out, 1, left), check=True, capture_output=True)
        other = sets(out)
        print(f"- rows shuffled, seed {seed}: " + ("the same sets" if other == whole else f"{len(other ^ whole)} sets differ"))


def main():
    os.makedirs(ASKED.work, exist_ok=True)
    results = table(ASKED.modes, ASKED.sizes, ASKED.seeds)
    if ASKED.held_out:
        print("\nHeld out:\n")
        results.update(table(list(HELD_OUT), [100_000], ASKED.seeds))
    if ASKED.seen:
        print("\nHeld out once, seen since:\n")
        results.update(table(list(SEEN), [100_000], ASKED.seeds))
    if ASKED.tieout:
        calibration(results, ASKED.sizes)
        kinds(results)
        for (mode, size, who), (it, _) in results.items():
            if who == "tieout-1":
                print(f"\n{mode} {size:,}: {it['reasons_right']:.4f} of the listed exceptions with the true reason")
            if who == "tieout-1" and it["exceptions_misstated"]:
                print(f"\n{mode} {size:,}: {it['exceptions_misstated']} records stand not exactly once in matches and exceptions")
        if ASKED.determinism:
            for mode in ASKED.modes:
                determinism(mode, min(100_000, max(ASKED.sizes)))


main()
