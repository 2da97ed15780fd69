"""Annex A of PLP/1 as the kit speaks it: XML signatures and encryption over `lxml` (canonical form) and `cryptography`.

Of its own for the same reason as `plp_conform.jose`: it must also make what no proper library makes.
"""
