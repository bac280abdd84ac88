"""What a list says of each dossier, beside it, on both databases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import sqlalchemy as sa

from bot.store import HEAD, ActRow, DossierRow, OutlineRow, Store
from bot.store.engine import connect, parse
from bot.store.migrate import upgrade

MakeDossier = Callable[..., DossierRow]
MakeAct = Callable[..., ActRow]


def test_an_outline_is_kept_with_its_dossier(store: Store, dossier: MakeDossier) -> None:
    """Saving a dossier keeps its outline, and saving it again replaces it."""
    row = replace(dossier("d1"), outline="[1]", debtor_name="Dupont")
    with store.write() as tx:
        tx.save_dossier(row)
        tx.save_dossier(dossier("d2"))
    with store.read() as tx:
        found = {one.id: one for one in tx.outlines_of(7)}
    assert found["d1"] == OutlineRow("d1", row.status, "Dupont", "[1]")
    assert found["d2"].outline == ""
    with store.write() as tx:
        tx.save_dossier(replace(row, outline="[2]"))
        assert [one.outline for one in tx.outlines_of(7) if one.id == "d1"] == ["[2]"]


def test_outlines_made_later_change_nothing_else(store: Store, dossier: MakeDossier) -> None:
    """Several are kept at once; the dossiers stay as they were, and in their order."""
    with store.write() as tx:
        for name in ("d1", "d2", "d3"):
            tx.save_dossier(dossier(name))
        before = tx.dossiers_of(7)
        tx.save_outlines(7, {})
        tx.save_outlines(7, {"d1": "[1]", "d3": "[3]", "gone": "[0]"})
        assert tx.dossiers_of(7) == before
        assert sorted((one.id, one.outline) for one in tx.outlines_of(7)) == [
            ("d1", "[1]"),
            ("d2", ""),
            ("d3", "[3]"),
        ]
        assert len(tx.outlines_of(7, limit=2)) == 2


def test_dossiers_by_name_come_with_their_acts(
    store: Store, dossier: MakeDossier, act: MakeAct
) -> None:
    """Only those named, only this chat's, each with its own history."""
    with store.write() as tx:
        tx.save_dossier(dossier("d1"), [act("ouvert"), act("paye")])
        tx.save_dossier(dossier("d2"), [act("pause")])
        tx.save_dossier(dossier("d3"))
        tx.save_dossier(dossier("other", 8))
        found = {row.id: row for row in tx.dossiers_named(["d1", "d3", "other", "none"], 7)}
        assert set(found) == {"d1", "d3"}
        assert found["d1"] == tx.load_dossier("d1", 7)
        assert [one.kind for one in found["d1"].acts] == ["ouvert", "paye"]
        assert tx.dossiers_named([], 7) == []


def test_dossiers_of_the_third_schema_have_no_outline_yet(empty_url: str) -> None:
    """They keep all they had, and wait for theirs."""
    engine = connect(parse(empty_url))
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        upgrade(connection, "0003")
        connection.execute(
            sa.text(
                "INSERT INTO dossiers VALUES ('d1', 7, '{}', 'clos', 'Dupont', '2026-11-22', 1)"
            )
        )
    engine.dispose()
    with Store.open(empty_url) as store:
        assert store.migrate() == ("0003", HEAD)
        with store.write() as tx:
            assert tx.outlines_of(7) == [OutlineRow("d1", "clos", "Dupont", "")]
            row = tx.load_dossier("d1", 7)
            assert row is not None
            tx.save_outlines(7, {"d1": "[1]"})
            assert tx.outlines_of(7) == [OutlineRow("d1", "clos", "Dupont", "[1]")]
