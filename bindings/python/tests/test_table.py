"""A table in other libraries' hands."""

import math

import pytest

import penfield

np = pytest.importorskip("numpy")


@pytest.fixture(scope="module")
def table(data):
    return penfield.associate(data["x"], data["y"])


def test_columns_are_views(table):
    auc = table["auc"]
    assert auc.dtype == np.float64 and auc.shape == (90,) and not auc.flags.writeable
    assert auc.ctypes.data == table["auc"].ctypes.data
    assert table["neuron"].tolist() == list(range(90))
    assert table["significant"].dtype == bool
    assert table["status"][5] == "constant" and table["status"][6] == "separated"
    assert table["note"][6] is None or isinstance(table["note"][6], str)
    assert len(table) == 90 and table.shape == (90, len(table.columns))
    assert "auc" in table and list(table)[:2] == ["unit", "site"]
    assert table.row(3)["unit"] == table["unit"][3]
    with pytest.raises(KeyError, match="beta"):
        table["bta"]


def test_a_view_outlives_its_table(data):
    auc = penfield.associate(data["x"], data["y"])["auc"]
    expected = penfield.associate(data["x"], data["y"])["auc"].tolist()
    for _ in range(3):
        penfield.associate(data["x"][:, ::-1], data["y"])
    assert np.array_equal(auc, expected, equal_nan=True)


def same(values, expected):
    for value, wanted in zip(values, expected, strict=True):
        if wanted is None or (isinstance(wanted, float) and math.isnan(wanted)):
            if not (value is None or value != value):
                return False
        elif value != wanted:
            return False
    return True


def test_polars(table):
    polars = pytest.importorskip("polars")
    for frame in (polars.DataFrame(table), table.to_polars()):
        assert frame.columns == table.columns
        assert all(same(frame[name].to_list(), list(table[name])) for name in table.columns)
    assert table.to_polars()["beta"].null_count() == int(np.isnan(table["beta"]).sum()) > 0


def test_pyarrow(table):
    pyarrow = pytest.importorskip("pyarrow")
    frame = pyarrow.table(table)
    frame.validate(full=True)
    assert all(same(frame[name].to_pylist(), list(table[name])) for name in table.columns)
    batch = frame.to_batches()[0]
    column = batch.column(batch.schema.names.index("unit"))
    del frame, batch
    assert column.to_pylist() == table["unit"]


def test_pandas(table):
    pytest.importorskip("pandas")
    frame = table.to_pandas()
    assert list(frame.columns) == table.columns
    assert np.array_equal(frame["auc"], table["auc"], equal_nan=True)


def test_duckdb(table):
    duckdb = pytest.importorskip("duckdb")
    pytest.importorskip("pyarrow")
    units = table
    assert units is table
    assert duckdb.sql("select count(*), count(beta), max(auc) from units").fetchall() == [
        (90, int((~np.isnan(table["beta"])).sum()), float(np.nanmax(table["auc"])))
    ]


def test_an_unread_stream_is_released(table):
    for _ in range(1000):
        table.__arrow_c_stream__()


def test_html_is_a_table_and_escaped(table):
    page = table._repr_html_()
    assert page.count("<tr>") == 21 and "90 rows" in page
    assert "<th>auc</th>" in page


def test_tsv_is_written(table, tmp_path):
    assert table.to_tsv(tmp_path / "units.tsv") == (tmp_path / "units.tsv").read_bytes()
