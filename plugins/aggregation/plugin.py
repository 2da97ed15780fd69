"""The plugin «aggregation»: portfolios that come from elsewhere. It begins with files; feeds follow."""

from __future__ import annotations

from collections.abc import Sequence

from core.api import Context
from core.api import Plugin
from core.api import hookimpl
from core.api.types import QuickAction
from plugins.aggregation import importing


class AggregationPlugin(Plugin):
    """Accounts, what they are worth and what they hold, from files (AC-02)."""

    name = "aggregation"
    title = "Agrégation"
    version = "1.0"
    default_on = True
    weight = 70
    imports = (importing.TARGET,)

    @hookimpl
    def quick_actions(self, ctx: Context) -> Sequence[QuickAction]:
        """A file of portfolios, from any module (QM-01)."""
        where = {"target": importing.TARGET.key}
        return [QuickAction("import", "Importer des portefeuilles", "imports.new", "upload", 70, "accounts.edit", where)]
