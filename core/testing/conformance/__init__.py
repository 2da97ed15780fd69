"""The conformance kit: what a plugin keeps to, tried in a throwaway installation (`encours plugin check`).

An author's own test is `conformance.assert_sound("name")`. It never raises for a plugin's fault: that is a finding.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Collection
from collections.abc import Iterable

from core.hooks.registry import API_VERSION
from core.hooks.registry import Registry
from core.testing.conformance import quality
from core.testing.conformance.bench import laid
from core.testing.conformance.findings import Finding
from core.testing.conformance.findings import Level
from core.testing.conformance.findings import Report
from core.testing.conformance.findings import Rule
from core.testing.conformance.rules import RULES
from core.testing.conformance.subject import Subject
from core.testing.conformance.subject import find
from core.testing.throwaway import installation
from core.testing.watching import listening

__all__ = ["RULES", "Finding", "Level", "Report", "Rule", "assert_sound", "check"]


def assert_sound(name: str, *, level: Level = "argent") -> None:
    """Raise AssertionError, with the whole report, where something is found or the level is not reached."""
    report = check(name)
    order = (None, "bronze", "argent", "or")
    assert report.sound, f"\n{report.text()}"
    assert order.index(report.level) >= order.index(level), f"\n{report.text()}"


def check(name: str, *, only: Collection[str] = ()) -> Report:
    """Try the rules on an installed plugin: all, or those of the codes given, which say nothing of its level.

    Takes this process's database and configuration meanwhile.
    """
    root, silent = logging.getLogger(), logging.NullHandler()
    root.addHandler(silent)  # what is logged is looked into, not shown
    try:
        with listening():
            return _checked(find(name), only)
    finally:
        root.removeHandler(silent)


def _checked(subject: Subject, only: Collection[str]) -> Report:
    rules = [rule for rule in RULES if not only or rule.code in only or rule is RULES[0]]
    findings = [finding for rule in rules if rule.apart for finding in _found(rule, subject)]
    version, untried = _version(subject), tuple[str, ...]()
    if not any(one.rule == "chargement" for one in findings):
        try:
            with installation() as encours:
                if subject.name not in encours.hub.registry.plugins:
                    broken = next((one.text for one in encours.hub.registry.broken if one.name == subject.name), "")
                    findings += _as(RULES[0], [Finding("", f"le module ne démarre pas : {broken}")])
                else:
                    with laid(subject, encours) as made:
                        for rule in rules:
                            findings += [] if rule.apart else _found(rule, made)
                        untried = tuple(dict.fromkeys(made.untried))
        except Exception as error:  # the kit stumbled over the plugin: that is the plugin's word against ours, and is said
            text = f"la préparation de l'essai a échoué : {type(error).__name__} : {error}"
            findings += _as(RULES[0], [Finding("", text, subject.place_in(error.__traceback__))])
    unique = tuple(dict.fromkeys(findings))
    level, lacks = (None, ()) if only else quality.judged(subject, RULES, unique)
    return Report(subject.name, version, API_VERSION, unique, level, lacks, untried)


def _found(rule: Rule, on: object) -> list[Finding]:
    """A rule's findings; what it stumbled over is one too."""
    found: list[Finding] = []
    try:
        found.extend(rule.check(on))
    except BaseException as error:  # a plugin may raise SystemExit and its like anywhere
        subject = on if isinstance(on, Subject) else getattr(on, "subject", None)
        place = subject.place_in(error.__traceback__) if isinstance(subject, Subject) else ""
        if isinstance(error, KeyboardInterrupt) and not place:
            raise
        found.append(Finding("", f"le contrôle n'a pas pu aboutir : {type(error).__name__} : {error}", place))
    return _as(rule, found)


def _as(rule: Rule, found: Iterable[Finding]) -> list[Finding]:
    return [Finding(rule.code, one.what, one.where, one.why or rule.why, one.todo or rule.todo) for one in found]


def _version(subject: Subject) -> str:
    registry = Registry()
    if not subject.entries:
        return ""
    try:
        module, _, member = subject.entries[0].value.partition(":")
        registry.register(subject.name, getattr(importlib.import_module(module), member))
    except BaseException:  # said by the rule «chargement»
        return ""
    found = registry.plugins.get(subject.name)
    return found.version if found is not None else ""
