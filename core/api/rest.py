"""A plugin's part of `/api/v1`: resources declared once, served, described and documented like core's. Since 1.0.

`Plugin.resources` gives them; every path begins by `/p/<name>/`. `schemas` has the fields of what is asked, taken and given.
"""

from __future__ import annotations

from core.rest import schemas
from core.rest.operations import Call
from core.rest.operations import Reply
from core.rest.operations import Resource
from core.rest.operations import Slice
from core.rest.schemas import Asked
from core.rest.schemas import Given
from core.rest.schemas import Taken
from core.web.problems import Fault
from core.web.problems import Problem

__all__ = ["Asked", "Call", "Fault", "Given", "Problem", "Reply", "Resource", "Slice", "Taken", "schemas"]
