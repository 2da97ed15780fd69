"""Charts with their sentence and their table: made here, shown by macros/chart.html, drawn twice. Since 1.0."""

from __future__ import annotations

from core.web.charts import SLICES
from core.web.charts import Chart
from core.web.charts import Curve
from core.web.charts import Part
from core.web.charts import Point
from core.web.charts import Spot
from core.web.charts import bar
from core.web.charts import curves
from core.web.charts import donut
from core.web.charts import line
from core.web.charts import plane
from core.web.charts import stack

__all__ = ["SLICES", "Chart", "Curve", "Part", "Point", "Spot", "bar", "curves", "donut", "line", "plane", "stack"]
