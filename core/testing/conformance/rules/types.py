"""Hooks return what their specification says, or raise an error word."""

from __future__ import annotations

from collections.abc import Iterator

from core.hooks.errors import PluginError
from core.hooks.results import WrongResult
from core.hooks.results import checked
from core.hooks.types import SearchHits
from core.testing.conformance.bench import Bench
from core.testing.conformance.findings import Finding
from core.testing.watching import Refused


def check(bench: Bench) -> Iterator[Finding]:
    """Each hook once, with the partner well."""
    for one in bench.called:
        error = one.trial.error
        if isinstance(error, Refused | PluginError) or one.trial.late:
            continue  # the rule «voies» tells of the first and the last, «pannes» judges the second
        if error is not None:
            place = bench.subject.place_in(error.__traceback__)
            yield Finding("", f"{one.title} lève {type(error).__name__} : {error}", place or bench.subject.place_of(one.function))
            continue
        try:
            if one.inner:
                if not isinstance(one.trial.result, SearchHits):
                    raise WrongResult(f"SearchHits attendu, {type(one.trial.result).__name__} reçu")
            else:
                checked(one.spec, one.trial.result)
        except WrongResult as wrong:
            yield Finding("", f"{one.title} : {wrong}", bench.subject.place_of(one.function))
        keys = [getattr(item, "key", None) for item in one.trial.result] if isinstance(one.trial.result, list | tuple) else []
        for key in sorted({str(key) for key in keys if key is not None and keys.count(key) > 1}):
            yield Finding("", f"{one.title} : la clé «{key}» figure deux fois", bench.subject.place_of(one.function))
