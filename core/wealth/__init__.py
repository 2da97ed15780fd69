"""The one reckoning of wealth: who owns what part, at what value, on what day; every figure with what it is made of."""
