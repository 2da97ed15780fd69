"""The list of the checks of a partner."""

from plp_conform.model import Registry
from plp_conform.model import Side

REGISTRY = Registry(Side.PARTNER)
