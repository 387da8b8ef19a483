"""`python -m marketo_async.cli` is `marketo-async`."""

from __future__ import annotations

import sys

from marketo_async.cli import main

if __name__ == "__main__":
    sys.exit(main())
