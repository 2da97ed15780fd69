"""Documents signed by people: asked for, signed on screen or by a link, sealed by the cabinet, provable (CO-01)."""
