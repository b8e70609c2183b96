"""`python -m firstline …` is the command `firstline`."""

import sys

from firstline.cli import main

sys.exit(main())
