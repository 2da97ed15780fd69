"""Lists: columns, filters, order, page and chosen columns in the address; export, saved views. Since 1.0.

`docs/plugin-author.md` shows one whole. The table is drawn with `macros/list.html`.
"""

from __future__ import annotations

from core.db.paging import Page
from core.db.paging import pager
from core.shell.list_pages import ListPages
from core.shell.list_pages import opening
from core.shell.list_pages import register
from core.shell.list_pages import state
from core.shell.list_pages import views
from core.web.lists import NO_VIEW
from core.web.lists import SIZES
from core.web.lists import Facet
from core.web.lists import ListColumn
from core.web.lists import ListFilter
from core.web.lists import ListSpec
from core.web.lists import ListState
from core.web.lists import Options

__all__ = [
    "NO_VIEW", "SIZES", "Facet", "ListColumn", "ListFilter", "ListPages", "ListSpec", "ListState", "Options", "Page", "opening",
    "pager", "register", "state", "views",
]  # fmt: skip
