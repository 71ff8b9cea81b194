#!/usr/bin/env python3
"""Checks that other programs read Penfield's tables with their defaults: every row, token and number.

  tools/check_table_readers.py PENFIELD

Labels and scans a text that holds quotes, #, tabs, backslashes, NA, null and numerals with the bundled model, reads the
tables with pandas, polars, DuckDB, sqlite3 and R's read.delim, and compares what they found with the SQLite export, which
Python's own sqlite3 reads, and with the JSON of `label`. A reader that is not installed is named and left out. Exit: 0 all agree, 1 not, 77 only
Python's own csv was there.
"""
import csv, importlib, json, math, shutil, sqlite3, subprocess, sys, tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ODD = """ = Article {} =

"NA" said Boris, "isn't null". #NA Tag#1 (None) [nan] <NA> n/a NA/N null,null N/A
Paris\t1984 100% C:\\NA\\null "quoted ""twice"" " 'single' don''t 12.5e3 -1 2001-02-03 True T F inf é日本 ‹4E›A \u2028 end.
NA
NULL
1984
"""
# pandas takes these for no value; a token of such a text has its first byte as a number (docs/columns.md).
MISSING = ["#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL",
           "NaN", "None", "n/a", "nan", "null"]


def field(token):
    return f"‹{ord(token[0]):02X}›{token[1:]}" if token in MISSING else token


def by_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        return [list(row.values()) for row in csv.DictReader(file, delimiter="\t")]


def by_pandas(path):
    return importlib.import_module("pandas").read_csv(path, sep="\t").values.tolist()


def by_polars(path):
    return [list(row) for row in importlib.import_module("polars").read_csv(path, separator="\t").rows()]


def by_duckdb(path):
    return [list(row) for row in importlib.import_module("duckdb").sql(f"SELECT * FROM read_csv('{path}')").fetchall()]


def by_sqlite3(path):
    script = f".mode tabs\n.import {path} t\n.mode json\nSELECT * FROM t;\n"
    out = subprocess.run(["sqlite3", ":memory:"], input=script, capture_output=True, text=True, check=True)
    assert not out.stderr, out.stderr
    return [list(row.values()) for row in json.loads(out.stdout)]


def by_r(path):
    # Written so that nothing is left to guess: one value a line, NA as a control character.
    script = (f't <- read.delim("{path}", encoding = "UTF-8"); for (i in seq_len(nrow(t))) for (v in t[i, ]) '
              'writeLines(if (is.na(v)) "\\001" else format(v, digits = 17), useBytes = TRUE)')
    lines = subprocess.run(["Rscript", "-e", script], capture_output=True, text=True, check=True).stdout.splitlines()
    n = len(open(path, encoding="utf-8").readline().split("\t"))
    return [[None if v == "\x01" else v for v in lines[i : i + n]] for i in range(0, len(lines), n)]


def installed():
    yield "csv", by_csv
    for name, read in [("pandas", by_pandas), ("polars", by_polars), ("duckdb", by_duckdb)]:
        try:
            print(f"{name} {importlib.import_module(name).__version__}")
            yield name, read
        except ImportError:
            print(f"{name} is not installed: left out")
    for command, read in [("sqlite3", by_sqlite3), ("Rscript", by_r)]:
        if shutil.which(command):
            yield command, read
        else:
            print(f"{command} is not installed: left out")


# R's own conversion of decimal numbers is off by a unit in the last place now and then (R_strtod multiplies by powers of ten).
ROUNDING = {"Rscript": 2.3e-16}


def same(found, wanted, rounding):
    """A value of a reader and one of the database; no value is None, NaN or the empty text."""
    if found is None or found == "" or (isinstance(found, float) and math.isnan(found)):
        return wanted is None or wanted == ""
    if isinstance(wanted, str):
        return str(found) == field(wanted)
    return wanted is not None and math.isclose(float(found), wanted, rel_tol=rounding, abs_tol=0)


def compare(name, table, found, wanted):
    """Prints how a reader did; true if it did well."""
    wrong = [(i, j) for i, row in enumerate(wanted[: len(found)]) for j, value in enumerate(row)
             if j >= len(found[i]) or not same(found[i][j], value, ROUNDING.get(name, 0))]
    if len(found) == len(wanted) and not wrong:
        print(f"{name} {table}: {len(found)} rows are right")
        return True
    print(f"{name} {table}: {len(found)} of {len(wanted)} rows, {len(wrong)} fields differ")
    for i, j in wrong[:3]:
        print(f"  row {i} field {j}: {found[i][j]!r} for {wanted[i][j]!r}")
    return False


def write_tables(penfield, folder):
    """The tables of a scan and of `label` in the folder; returns what each must hold."""
    text, result, base = f"{folder}/text.txt", f"{folder}/result", f"{folder}/all.sqlite"
    articles = (ROOT / "data/demo/articles.txt").read_text(encoding="utf-8")[:60000]
    Path(text).write_text("".join(ODD.format(i) for i in range(12)) + articles, encoding="utf-8")
    model = ["-m", str(ROOT / "models/demo"), "-t", text]

    def run(*arguments):
        return subprocess.run([penfield, *arguments], check=True, stdout=subprocess.PIPE, text=True).stdout

    run("scan", *model, "-o", result, "-q", "--discovery", "9", "--held-out", "9")
    run("export", result, "--format", "sqlite", "-o", base, "-q")
    database = sqlite3.connect(base)
    wanted = {f"result/{table}.tsv": [list(row) for row in database.execute(f"SELECT * FROM {table} ORDER BY rowid")]
              for table in ["units", "samples", "windows"]}
    Path(f"{folder}/label.tsv").write_text(run("label", *model, "--format", "tsv"), encoding="utf-8")
    wanted["label.tsv"] = [list(json.loads(line).values())[1:] for line in run("label", *model, "--format", "json").splitlines()]
    return wanted


def main():
    bad, readers = 0, list(installed())
    with tempfile.TemporaryDirectory() as folder:
        wanted = write_tables(str(Path(sys.argv[1]).resolve()), folder)
        missing = {'"', "'", "#", "\\", "NA", "1"} - {row[3] for row in wanted["label.tsv"]}
        if missing:
            print(f"the text no longer gives the tokens {sorted(missing)}")
            bad += 1
        for table, rows in wanted.items():
            for name, read in readers:
                try:
                    bad += not compare(name, table, read(f"{folder}/{table}"), rows)
                except Exception as error:  # a reader that gives up is what is looked for
                    print(f"{name} {table}: {str(error).splitlines()[0]}")
                    bad += 1
    return 1 if bad else 0 if len(readers) > 1 else 77


if __name__ == "__main__":
    sys.exit(main())
