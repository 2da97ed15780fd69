"""Where a measure begins and ends: on days of which the value is known, near to those asked (PF-08)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace
from datetime import date

from core.performance.tracks import NEAR
from core.performance.tracks import ZERO
from core.performance.tracks import Track
from core.performance.tracks import at


@dataclass(frozen=True, slots=True)
class Window:
    """Both days, or None where they cannot be found. `after`: the first value is taken after its day's flow."""

    begin: date | None
    finish: date | None
    after: bool
    notes: tuple[str, ...]


def window(tracks: Sequence[Track], since: date | None, until: date) -> Window:
    """The days from which and to which these accounts can be measured, and why not where they cannot."""
    valued = sorted({one.on for track in tracks for one in track.values if one.on <= until})
    if not valued:
        told = f"Aucune valorisation n'est connue au {until:%d/%m/%Y}\u202f: rien ne peut être mesuré."
        return Window(None, None, False, (told,))
    begin, after, notes = _begin(tracks, valued, since)
    finish = valued[-1]
    if until - finish > NEAR and not all(_over(track, finish) for track in tracks):
        notes.append(
            f"La dernière valorisation connue au {until:%d/%m/%Y} est celle du {finish:%d/%m/%Y}\u202f: choisissez une "
            "période qui finit à cette date."
        )
        return Window(begin, None, after, tuple(notes))
    if begin is not None and finish <= begin:
        notes.append(f"Une seule valorisation est connue, celle du {finish:%d/%m/%Y}\u202f: il en faut deux pour mesurer.")
        return Window(begin, None, after, tuple(notes))
    return Window(begin, finish, after, tuple(notes))


def _begin(tracks: Sequence[Track], valued: Sequence[date], since: date | None) -> tuple[date | None, bool, list[str]]:
    firsts = [track.first for track in tracks if track.first is not None]
    births = [track.first for track in tracks if track.first is not None and track.born]
    if since is None:
        first = min(firsts)
        if first in births:
            return first, False, []
        opened = [track.opened_on for track in tracks if track.opened_on and not track.born]
        older = bool(opened) and min(opened) < first
        return first, False, [f"L'historique n'est connu que depuis le {first:%d/%m/%Y}."] if older else []
    earlier = [day for day in valued if since - NEAR <= day <= since]
    if earlier:
        return earlier[-1], earlier[-1] < since, []
    if len(births) == len(firsts) and min(births) >= since - NEAR:
        return min(births), False, [f"La mesure commence le {min(births):%d/%m/%Y}, avec le premier versement connu."]
    later = [day for day in valued if since < day <= since + NEAR]
    if later:
        told = f"La mesure commence le {later[0]:%d/%m/%Y}, première valorisation connue après le {since:%d/%m/%Y}."
        return later[0], False, [told]
    following = next((day for day in valued if day > since), None)
    advice = f"\u202f: choisissez une période qui commence le {following:%d/%m/%Y}." if following else "."
    return None, False, [f"Aucune valorisation n'est connue à moins de {NEAR.days} jours du {since:%d/%m/%Y}{advice}"]


def entered(track: Track, begin: date) -> Track:
    """The track with its way into the measure: one whose past is not known comes in at its first value, as if paid in."""
    first = track.values[0].on if track.values else None
    if track.born or first is None or first <= begin:
        return track
    known = track.before[first] + track.moved.get(first, ZERO)
    before = {day: value for day, value in track.before.items() if day > first}
    moved = {day: amount for day, amount in track.moved.items() if day > first}
    return replace(track, before={first: ZERO, **before}, moved={first: known, **moved})


def left(track: Track, finish: date) -> Track:
    """The track with its way out: one that ended without being emptied leaves on its last day, as if paid out."""
    out = _left_on(track)
    if out is None or out > finish:
        return track
    held = at(track, out)
    rest = (held or ZERO) + track.moved.get(out, ZERO)
    moved = {day: amount for day, amount in track.moved.items() if day <= out}
    before = {day: value for day, value in track.before.items() if day <= out}
    if held is None or not rest:
        return replace(track, before={**before, finish: ZERO} if finish > out else before, moved=moved)
    moved[out] = moved.get(out, ZERO) - rest
    return replace(track, before={**before, out: held, **({finish: ZERO} if finish > out else {})}, moved=moved)


def _left_on(track: Track) -> date | None:
    """The day from which an ended account counts no more."""
    if not track.ended or not track.values:
        return None
    return max(track.closed_on, track.values[0].on) if track.closed_on else track.values[-1].on


def _over(track: Track, day: date) -> bool:
    out = _left_on(track)
    return not track.values or (out is not None and out <= day)
