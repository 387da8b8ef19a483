"""The groups of operations, each imported when it is used first."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from marketo_async.api.assets.channels import Channels
    from marketo_async.api.assets.folders import Folders
    from marketo_async.api.assets.programs import Programs
    from marketo_async.api.assets.tags import Tags
    from marketo_async.api.assets.tokens import Tokens
    from marketo_async.api.lead_database.activities import Activities
    from marketo_async.api.lead_database.lead_fields import LeadFields
    from marketo_async.api.lead_database.leads import Leads
    from marketo_async.api.lead_database.lists import Lists
    from marketo_async.api.lead_database.program_member_fields import ProgramMemberFields
    from marketo_async.api.lead_database.program_members import ProgramMembers
    from marketo_async.api.lead_database.usage import Usage
    from marketo_async.transport.transport import Transport


class Groups:
    """The groups of operations, over one transport."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    @cached_property
    def programs(self) -> Programs:
        """Programs, with their tags and costs."""
        from marketo_async.api.assets.programs import Programs  # noqa: PLC0415 - a group is imported when it is used

        return Programs(self._transport)

    @cached_property
    def channels(self) -> Channels:
        """Channels and the statuses that members of their programs go through."""
        from marketo_async.api.assets.channels import Channels  # noqa: PLC0415 - as above

        return Channels(self._transport)

    @cached_property
    def tags(self) -> Tags:
        """Tag types and their allowed values."""
        from marketo_async.api.assets.tags import Tags  # noqa: PLC0415 - as above

        return Tags(self._transport)

    @cached_property
    def folders(self) -> Folders:
        """Folders, and what is in them."""
        from marketo_async.api.assets.folders import Folders  # noqa: PLC0415 - as above

        return Folders(self._transport)

    @cached_property
    def tokens(self) -> Tokens:
        """My Tokens of folders and programs."""
        from marketo_async.api.assets.tokens import Tokens  # noqa: PLC0415 - as above

        return Tokens(self._transport)

    @cached_property
    def leads(self) -> Leads:
        """Leads."""
        from marketo_async.api.lead_database.leads import Leads  # noqa: PLC0415 - as above

        return Leads(self._transport)

    @cached_property
    def lead_fields(self) -> LeadFields:
        """The field schema of leads."""
        from marketo_async.api.lead_database.lead_fields import LeadFields  # noqa: PLC0415 - as above

        return LeadFields(self._transport)

    @cached_property
    def activities(self) -> Activities:
        """Activities of leads."""
        from marketo_async.api.lead_database.activities import Activities  # noqa: PLC0415 - as above

        return Activities(self._transport)

    @cached_property
    def lists(self) -> Lists:
        """Static lists, and the leads on them."""
        from marketo_async.api.lead_database.lists import Lists  # noqa: PLC0415 - as above

        return Lists(self._transport)

    @cached_property
    def program_members(self) -> ProgramMembers:
        """Members of programs."""
        from marketo_async.api.lead_database.program_members import ProgramMembers  # noqa: PLC0415 - as above

        return ProgramMembers(self._transport)

    @cached_property
    def program_member_fields(self) -> ProgramMemberFields:
        """The field schema of program members."""
        from marketo_async.api.lead_database.program_member_fields import ProgramMemberFields  # noqa: PLC0415 - as above

        return ProgramMemberFields(self._transport)

    @cached_property
    def usage(self) -> Usage:
        """How many calls the instance has had, and how many errors."""
        from marketo_async.api.lead_database.usage import Usage  # noqa: PLC0415 - as above

        return Usage(self._transport)
