"""A Marketo on this machine: real state, real limits, real errors, and faults on demand."""

from __future__ import annotations

from marketo_async.sandbox.clock import Clock
from marketo_async.sandbox.faults import Fault
from marketo_async.sandbox.latency import Latency
from marketo_async.sandbox.sandbox import Sandbox, SandboxLimits

__all__ = ["Clock", "Fault", "Latency", "Sandbox", "SandboxLimits"]
