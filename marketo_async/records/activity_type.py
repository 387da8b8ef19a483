"""Types of activities, and what activities of each type say."""

from __future__ import annotations

from collections.abc import Mapping

from marketo_async.records._declare import Record, extra, record


@record
class ActivityTypeAttribute(Record):
    """Something that the activities of a type say."""

    name: str
    """Its name."""

    data_type: str
    """Its type, such as `string`, `integer` or `datetime`."""

    api_name: str | None = None
    """Its name in the API. None if Marketo did not say."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""


@record
class ActivityType(Record):
    """A type of activity: Marketo's own, or a custom one."""

    id: int
    """Its id, such as 12 for New Lead."""

    name: str
    """Its name, such as `New Lead`."""

    description: str | None = None
    """What Marketo, or somebody, wrote about it. Missing where nobody did."""

    api_name: str | None = None
    """Its name in the API. None if Marketo did not say."""

    primary_attribute: ActivityTypeAttribute | None = None
    """What its activities are about, such as the e-mail that was opened. Missing where there is no such thing."""

    attributes: tuple[ActivityTypeAttribute, ...] = ()
    """What else its activities say."""

    extra: Mapping[str, object] = extra()
    """What Marketo sent beyond these."""
