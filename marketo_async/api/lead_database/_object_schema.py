"""A schema as the groups use it: asked for once a day, looked at before calls, consulted after refusals."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from marketo_async.api._base import Group
from marketo_async.api.lead_database.schema_help import SchemaHelp
from marketo_async.errors import ApiError, ArgumentError, MarketoError
from marketo_async.records import ObjectDescription
from marketo_async.wire.call import GET

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketo_async.api.lead_database.schema_help import ObjectKind
    from marketo_async.transport.day_cache import Key

_YOUNG = 600.0
"""Seconds for which a kept schema is believed when it does not know something; an older one is asked for again."""

_HELPFUL = frozenset({"1003", "1006", "1011"})


class ObjectSchemas(Group):
    """What every group can do that reads or writes objects of one kind; its class says of which."""

    KIND: ClassVar[ObjectKind]
    """What their schema does not say."""

    DESCRIBE: ClassVar[str]
    """Where their schema is asked for."""

    SCHEMA: ClassVar[Key[SchemaHelp]]
    """What their schema is kept under."""

    async def _schema(self, *, refresh: bool = False) -> SchemaHelp:
        """Return the schema, asking Marketo where it is not kept."""

        async def fetch() -> SchemaHelp:
            return SchemaHelp(await self._one(ObjectDescription, GET(self.DESCRIBE)), self.KIND)

        return await self._kept(self.SCHEMA, fetch, refresh=refresh)

    def _known_schema(self, *, young: bool = False) -> SchemaHelp | None:
        """Return the schema where it is kept, a young one only where that is asked for; asks nobody."""
        kept = self._transport.attempts.kept
        return kept.peek(self.SCHEMA, younger_than=_YOUNG) if young else kept.peek(self.SCHEMA)

    def _forget_schema(self) -> None:
        """Forget the schema, since it was changed."""
        self._transport.attempts.kept.forget(self.SCHEMA)

    async def _check_with_schema(self, check: Callable[[SchemaHelp], None]) -> None:
        """Let a kept schema object to a call; without one, Marketo will.

        A field may be younger than the schema: one that was read some time ago is read again before it is believed.

        Raises:
            ArgumentError: from the check.
        """
        schema = self._known_schema()
        if schema is None:
            return
        try:
            check(schema)
        except ArgumentError:
            if self._transport.attempts.kept.peek(self.SCHEMA, younger_than=_YOUNG) is not None:
                raise
            newer = await self._schema_or_none(refresh=True)
            if newer is not None:
                check(newer)

    async def _explain(self, error: MarketoError) -> None:
        """Add help to a refusal that is about a field; costs a call where the schema is not kept."""
        if not isinstance(error, ApiError) or error.code not in _HELPFUL or "ield '" not in error.message:
            return
        if error.code == "1011" and any(f"'{name}'" in error.message for name in ("createdAt", "updatedAt")):
            advice: str | None = self.KIND.by_time
        else:
            schema = self._known_schema() or await self._schema_or_none()
            advice = None if schema is None else schema.advice(error.code, error.message)
        if advice is not None and advice not in getattr(error, "__notes__", ()):
            error.add_note(advice)

    async def _schema_or_none(self, *, refresh: bool = False) -> SchemaHelp | None:
        # Help is not worth an error of its own: an API user may be allowed this and nothing else.
        try:
            return await self._schema(refresh=refresh)
        except MarketoError:
            return None
