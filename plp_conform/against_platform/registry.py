"""The list of the checks of a platform."""

from plp_conform.model import Registry
from plp_conform.model import Side

REGISTRY = Registry(Side.PLATFORM)
