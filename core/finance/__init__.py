"""Pure functions of finance: no database, no Flask. Money is exact to the cent, rates are ratios (0.0345 is 3.45 %)."""
