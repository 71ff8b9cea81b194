#!/usr/bin/env python3
"""How often does a scan find something where there is nothing to find? And does it find what was always there?

    bench/calibrate.py build/penfield [--seed 0] [--lists 50] [--runs 20] [--model models/demo] [--text data/demo/articles.txt]

Each line is a kind of null with the runs that have any significant unit, beside the band of binomial(runs, .05) that holds 99%,
and the runs with a unit of grade moderate (an AUC surely above .7 on unseen words). Python's standard library alone.

  lists      random words as frequent as the concept's (--null lists), one scan
  halves     every document gets a random label, so that a target is a token of a random half of the documents
  passages   every run of 50 tokens of a document gets a random label
  parity     tokens at even positions of their document
  frequent   twelve words at random among the 200 most frequent, all of whose uses are targets
"""
import argparse, json, math, random, subprocess, sys, tempfile
from collections import Counter
from pathlib import Path


def binomial_band(n, p, tail=0.01):
    """The smallest k that binomial(n, p) exceeds with probability at most tail."""
    above = 1.0
    for k in range(n):
        above -= math.comb(n, k) * p**k * (1 - p) ** (n - k)
        if above <= tail:
            return k
    return n


class Bench:
    def __init__(self, args):
        self.args, self.folder = args, Path(tempfile.mkdtemp(prefix="calibrate-"))
        rows = self.run("label", "-c", "proper-noun", "--format", "tsv").splitlines()[1:]
        # document, position, token_id, token, label
        self.tokens = [row.split("\t")[:3] for row in rows]

    def run(self, command, *more):
        call = [self.args.penfield, command, "-m", self.args.model, "-t", self.args.text, "-q", *more]
        return subprocess.run(call, capture_output=True, text=True, check=True).stdout

    def scan(self, concept, seed, *more):
        out = self.folder / "result"
        self.run("scan", "-c", concept, "--seed", str(seed), "-o", str(out), "--force", *more)
        return json.loads((out / "run.json").read_text())

    def scan_labels(self, labels, seed):
        path = self.folder / "labels.txt"
        path.write_text("\n".join(map(str, labels)) + "\n")
        return self.scan(f"labels:{path}", seed, "--null", "none")


def report(name, n_found, n_moderate, n):
    print(f"{name:<10} {n_found:>3} of {n} found any unit (at most {binomial_band(n, 0.05)}); {n_moderate} with a grade", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("penfield")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--lists", type=int, default=50)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--model", default="models/demo")
    parser.add_argument("--text", default="data/demo/articles.txt")
    args = parser.parse_args()
    bench = Bench(args)
    run = bench.scan("proper-noun", args.seed, "--null", "lists", "--null-runs", str(args.lists))
    lists = run["controls"]["nulls"][0]
    words = run["unseen_words"]
    print(f"proper-noun {run['n_significant']} significant, {words['n_moderate']} above .7, {words['n_strong']} above .8, "
          f"{words['n_specific']} specific, {words['n_carrier']} carriers")
    report("lists", lists["n_runs_with_finding"], sum(r["n_moderate"] > 0 for r in lists["runs"]), args.lists)

    documents = [int(t[0]) for t in bench.tokens]
    positions = [int(t[1]) for t in bench.tokens]
    ids = [t[2] for t in bench.tokens]
    frequent = [word for word, _ in Counter(ids).most_common(200)]

    def halves(rng):
        side = {d: rng.randrange(2) for d in sorted(set(documents))}
        return [side[d] for d in documents]

    def passages(rng):
        side = {}
        return [side.setdefault((d, p // 50), rng.randrange(2)) for d, p in zip(documents, positions)]

    def parity(rng):
        return [1 - p % 2 for p in positions]

    def twelve(rng):
        chosen = set(rng.sample(frequent, 12))
        return [int(word in chosen) for word in ids]

    for name, labels_of in [("halves", halves), ("passages", passages), ("parity", parity), ("frequent", twelve)]:
        found = moderate = words = done = 0
        for k in range(args.runs):
            rng = random.Random(f"{name} {args.seed} {k}")
            try:
                result = bench.scan_labels(labels_of(rng), args.seed + k)
            except subprocess.CalledProcessError as error:
                print(f"{name}: run {k}: {error.stderr.strip()}", file=sys.stderr)
                continue
            done += 1
            found += result["n_significant"] > 0
            moderate += result["unseen_words"]["n_moderate"] > 0
            words += result["documents"]["n_found_by_words"] > 0
        report(name, found, moderate, done)
        print(f"{'':<10} {words:>3} of {done} have units that tell words apart, before the test of documents", flush=True)


if __name__ == "__main__":
    main()
