"""Writing the records of a file, so that it can be ended at any moment and gone on with exactly.

`FILE` beside which the results grow, and `RESULTS.journal` beside those:

* The results stand in the order of the input, without gaps: row 17 is about record 17. So the file itself says how far
  the run is. A row is there as soon as its record's outcome is known and those before it are there.
* Before a batch leaves, the journal says which records it carries. Whoever kills the process leaves records that have
  such a mark and no result; only these are in doubt. Where doing them twice comes to the same, `--resume` sends them
  again; else they are reported as unknown.
* Who stops in order (Ctrl-C, an error of Marketo's) waits for what is out, and leaves no doubt: results whose turn has
  not come are held in the journal, and a last mark says that nothing is out.
"""

from __future__ import annotations
