"""A result in pandas, polars and DuckDB: each where it is installed.

  results.py [RESULT-FOLDER]
"""

import importlib.util
import sys

import penfield

if len(sys.argv) > 1:
    result = penfield.load(sys.argv[1])
else:
    result = penfield.scan(penfield.demo_model(), penfield.demo_text(), budget=8000)
units = result.units

if importlib.util.find_spec("pandas"):
    frame = units.to_pandas()
    print("pandas, units with an effect by layer:")
    print(frame[frame["effect"].isin(["moderate", "strong"])].groupby("layer").size().to_string())

if importlib.util.find_spec("polars"):
    import polars as pl

    frame = pl.DataFrame(units)
    print("polars, the best unit of each layer:")
    print(frame.sort("neglog10_p", descending=True, nulls_last=True).group_by("layer", maintain_order=True).first()
          .select("layer", "unit", "auc").sort("layer"))

if importlib.util.find_spec("duckdb") and importlib.util.find_spec("pyarrow"):
    import duckdb

    print("DuckDB, the median area by effect:")
    print(duckdb.sql("select effect, count(*) as n, median(auc) as auc from units group by effect order by n desc"))
