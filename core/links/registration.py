def register(session, sheet): return {}
