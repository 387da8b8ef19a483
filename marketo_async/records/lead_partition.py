"""Partitions: the parts into which the leads of an instance are divided."""

from __future__ import annotations

from collections.abc import Mapping

from marketo_async.records._declare import Record, extra, record


@record
class LeadPartition(Record):
    """A partition of leads."""

    id: int
    """Its id: what the field `leadPartitionId` of a lead holds."""

    name: str
    """Its name: what `partition_name=` takes."""

    description: str | None = None
    """Missing where nobody described it."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""
