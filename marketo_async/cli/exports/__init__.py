"""Exports into files that can be trusted: kept while they grow, taken up again, finished whole, and vouched for.

What is read goes to `FILE.partial`, a page at a time, as lines of JSON; `FILE.partial.journal` says after each page how
far that is. When everything was read, the lines are written once more, in the format that was asked for, and that file
takes its name by being renamed; last comes `FILE.manifest.json`. So whatever ends the process, at whatever moment, the
file is the one of before or the new one, whole, and nothing that was read and journaled has to be read again.
"""

from __future__ import annotations
