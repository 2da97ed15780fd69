"""A chart as SVG, drawn by the server: for pages without scripts, and to put in a document."""

from __future__ import annotations

from flask import Response
from flask import abort

from core.api import charts
from core.api import pdf


def svg(chart: charts.Chart | None) -> Response:
    """The image; 404 where there is no chart, 503 where it cannot be drawn now."""
    if chart is None:
        abort(404)
    try:
        drawn = pdf.chart(chart.paper)
    except pdf.PdfError:
        abort(503)
    return Response(drawn, mimetype="image/svg+xml")
