"""Lead partitions."""

from __future__ import annotations

from marketo_async.sandbox.areas.leads.partitions.state import Partition, Partitions

__all__ = ["Partition", "Partitions"]
