"""`python -m office_alizes --port 8020`: the mutual's programs, to try with. `ALIZES_KEY` is the key that it gave."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from office_alizes.book import Book
from office_alizes.server import Office


def main() -> None:
    """Serve until Ctrl-C."""
    words = argparse.ArgumentParser(prog="office_alizes", description="La mutuelle inventée : API et back-office.")
    words.add_argument("--port", type=int, default=8020)
    words.add_argument("--file", type=Path, help="où son livre est gardé")
    given = words.parse_args()
    Office(Book(given.file), os.environ["ALIZES_KEY"], port=given.port).forever()


if __name__ == "__main__":
    main()
