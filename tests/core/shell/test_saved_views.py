"""Saved views: own, shared with the cabinet, changed by their author or an administrator (ux.md §2.2)."""

from __future__ import annotations

import pytest

from core.cabinets.models import AuditEntry
from core.db.errors import Conflict
from core.db.errors import DomainError
from core.db.errors import Forbidden
from core.db.errors import NotFound
from core.shell import saved_views as views
from tests.core.accounts.book import Book

KEY = "contacts"


def test_a_view_is_its_authors_until_shared(book: Book) -> None:
    """ux.md §2.2: a colleague sees it once it is shared; another cabinet never does."""
    with book.db.session(1) as session:
        mine = views.save(session, book.marc, KEY, " Mes  clients ", "type=CLIENT")
        assert [view.name for view in views.of_list(session, book.marc, KEY)] == ["Mes clients"]
        assert views.of_list(session, book.marc, "autre") == ()
        assert views.of_list(session, book.claire, KEY) == views.of_list(session, book.boss, KEY) == ()
        views.change(session, book.marc, KEY, mine, name="À suivre", shared=True)
        seen = views.of_list(session, book.claire, KEY)
        assert [(view.name, view.owner, view.editable, view.mine) for view in seen] == [("À suivre", "Marc Diallo", False, False)]
        assert views.of_list(session, book.boss, KEY)[0].editable
    with book.db.session(2) as session:
        assert views.of_list(session, book.stranger, KEY) == ()
        for act in (
            lambda: views.change(session, book.stranger, KEY, mine, name="x", shared=True),
            lambda: views.remove(session, book.stranger, KEY, mine),
            lambda: views.make_usual(session, book.stranger, KEY, mine),
        ):
            with pytest.raises(NotFound):
                act()


def test_who_may_change_a_shared_view(book: Book) -> None:
    """A colleague may not; an administrator may; a private one does not exist for either; all is in the journal."""
    with book.db.session(1) as session:
        shared = views.save(session, book.marc, KEY, "Une", "", shared=True)
        private = views.save(session, book.marc, KEY, "Deux", "")
        with pytest.raises(Forbidden):
            views.remove(session, book.claire, KEY, shared)
        for who in (book.claire, book.boss):
            with pytest.raises(NotFound):
                views.change(session, who, KEY, private, name="x", shared=True)
        views.change(session, book.boss, KEY, shared, name="Une autre", shared=True)
        assert views.remove(session, book.boss, KEY, shared) == "Une autre"
        told = session.query(AuditEntry).filter(AuditEntry.subject == f"view:{shared}").order_by(AuditEntry.seq)
        assert [row.action for row in told] == ["view.saved", "view.changed", "view.removed"]


def test_the_usual_view_ends_with_its_view(book: Book) -> None:
    """A list opens with it; once it is gone, or no longer shared, the list opens whole again."""
    with book.db.session(1) as session:
        key = views.save(session, book.marc, KEY, "Une", "type=CLIENT", shared=True)
        for who in (book.marc, book.claire):
            views.make_usual(session, who, KEY, key)
        views.change(session, book.marc, KEY, key, name="Une", shared=False)
        assert views.preference(session, book.claire, KEY).view_id is None
        assert views.preference(session, book.marc, KEY).view_id == key
        views.remove(session, book.marc, KEY, key)
        assert views.preference(session, book.marc, KEY).view_id is None


def test_names_and_double_submits(book: Book) -> None:
    """Two clicks make one view; no name, one too long or one in use is refused beside the field."""
    with book.db.session(1) as session:
        key = "01jd0000000000000000000000"
        for _click in range(2):
            assert views.save(session, book.marc, KEY, "Une", "", view_id=key) == key
        for name, fault in (("  ", DomainError), ("x" * 81, DomainError), ("Une", Conflict)):
            with pytest.raises(fault) as raised:
                views.save(session, book.marc, KEY, name, "")
            assert raised.value.field == "name"
        views.save(session, book.claire, KEY, "Une", "")
        views.save(session, book.marc, KEY, "🌱 <b>=1+1", "")


def test_columns_are_kept_for_each(book: Book) -> None:
    """ux.md §1: the columns that one person chose are not another's."""
    with book.db.session(1) as session:
        views.keep_columns(session, book.marc, KEY, "nom,ville")
        views.keep_columns(session, book.marc, KEY, "nom,code")
        assert views.preference(session, book.marc, KEY).columns == "nom,code"
        assert views.preference(session, book.claire, KEY).columns is None
        views.keep_columns(session, book.marc, KEY, None)
        assert views.preference(session, book.marc, KEY).columns is None
