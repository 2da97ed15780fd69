def assert_sound(name: str) -> None:
    pass
