"""A kind that does not exist: the kinds there are, by the names that people know."""

import duckdb

from oneninex.domain import contracts
from oneninex.ingestion import Options, read


def test_an_unknown_kind_names_the_kinds_in_both_languages(tmp_path, plan):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n")
    with duckdb.connect() as con:
        batch = read(path, con, Options(kind="foo"), plan)
    (finding,) = batch.findings.to_pylist()
    assert (batch.status, batch.kind) == ("refused", None)
    for kind in contracts.sent_kinds():
        contract = contracts.load(kind)
        assert f"{contract.title}（{kind}）" in finding["message_zh"]
        assert f"{contract.title_en} ({kind})" in finding["message_en"]
