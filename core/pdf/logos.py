"""A logo made anew inside the sandboxed process: whatever comes, a small PNG goes out. Imported there only, like `pages`."""

from __future__ import annotations

import io
import warnings
from typing import Any

#: The box that a logo is drawn into: three pixels a point of the largest place that shows it.
WIDTH, HEIGHT = 960, 288
#: Sides of what comes, before and after its empty margins are cut off.
MOST, LEAST = 12_000, 12
#: Beyond it, nothing would be read at the height of the bar.
LONGEST = 10


def logo(data: bytes) -> bytes:
    """The PNG; or «?» and why not: «empty», «small», «long»."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = 40_000_000
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    if b"<svg" in data[:20_000]:
        data = _drawn(data.decode("utf-8-sig"))
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as found:
        if max(found.size) > MOST:
            raise ValueError("too large")
        picture = _cut(found.convert("RGBA"))
    if picture is None:
        return b"?empty"
    if min(picture.size) < LEAST:
        return b"?small"
    if not 1 / 3 <= picture.width / picture.height <= LONGEST:
        return b"?long"
    picture.thumbnail((WIDTH, HEIGHT))
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def _cut(picture: Any) -> Any:
    """Without its transparent margins; None where nothing is drawn."""
    box = picture.getchannel("A").point(lambda alpha: 255 if alpha > 8 else 0).getbbox()
    return picture.crop(box) if box is not None else None


def _drawn(svg: str) -> bytes:
    """Drawn once to learn its size, then at the scale that fills the box."""
    import vl_convert
    from PIL import Image

    with Image.open(io.BytesIO(vl_convert.svg_to_png(svg, scale=1.0)), formats=("PNG",)) as first:
        width, height = first.size
    made: bytes = vl_convert.svg_to_png(svg, scale=min(WIDTH / width, HEIGHT / height, 40.0))
    return made
