"""`python -m oneninex`."""

import sys

from oneninex.cli import main

sys.exit(main())
