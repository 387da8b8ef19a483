"""Writing many records: cut into batches, sent several at once, each record's outcome beside it, in input order.

One engine for every operation that takes `input`: what differs between them is a `WritePlan`.

* `cutter.py` (pure): which records travel together. Records of one key travel one after the other.
* `delivery.py` (pure): results back into input order, and how much may be read ahead of them.
* `answers.py` (pure): the rows of an answer, or its failure, as results.
* `carrying.py`: one batch on its way, which nobody can take back once it is out.
* `walk.py`: reads, starts and takes in; `writing.py`: what the user holds.
"""
