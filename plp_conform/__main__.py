"""`python -m plp_conform`."""

import sys

from plp_conform.cli import main

sys.exit(main())
