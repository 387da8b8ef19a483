"""The types of activities, and the numbers of those that the sandbox writes itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.sandbox.exchange import Answer

if TYPE_CHECKING:
    from marketo_async.sandbox.exchange import Request

VISIT_WEBPAGE = 1
FILL_OUT_FORM = 2
NEW_LEAD = 12
CHANGE_DATA_VALUE = 13
ADD_TO_LIST = 24
REMOVE_FROM_LIST = 25
MERGE_LEADS = 32
DELETE_LEAD = 37
CHANGE_LEAD_PARTITION = 100
CHANGE_STATUS_IN_PROGRESSION = 104
CHANGE_PROGRAM_MEMBER_DATA = 123
PUSH_LEAD = 145

# id, name | description | primary attribute, type | other attributes, string where no type is named
_TYPES = """
1 Visit Webpage | User visits a web page | Webpage ID integer | Client IP Address, Query Parameters, Referrer URL, User Agent, Webpage URL
2 Fill Out Form | User fills out and submits form on web page | Webform ID integer | Client IP Address, Form Fields text, Query Parameters, Referrer URL, User Agent, Webpage ID integer
3 Click Link | User clicks link on a page | Link ID integer | Client IP Address, Query Parameters, Referrer URL, User Agent, Webpage ID integer
6 Send Email | Send Marketo Email to a person | Mailing ID integer | Campaign Run ID integer, Choice Number integer, Step ID integer
7 Email Delivered | Marketo Email is delivered to a person | Mailing ID integer | Campaign Run ID integer, Choice Number integer, Step ID integer
8 Email Bounced | Marketo Email is bounced for a person | Mailing ID integer | Campaign Run ID integer, Category, Details, Email, Subcategory
9 Unsubscribe Email | Person unsubscribed from Marketo Emails | Mailing ID integer | Campaign Run ID integer, Client IP Address, Form Fields text, Webform ID integer
10 Open Email | Person opens Marketo Email | Mailing ID integer | Campaign Run ID integer, Device, Is Mobile Device boolean, Platform, User Agent
11 Click Email | Person clicks on a link in a Marketo Email | Mailing ID integer | Campaign Run ID integer, Device, Is Mobile Device boolean, Link, Platform, User Agent
12 New Lead | New person/record is added to the database | | Created Date date, Form Name, Lead Source, List Name, SFDC Type, Source Type
13 Change Data Value | Changed attribute value for a person/record | Attribute Name string | API Method Name, Modifying User, New Value text, Old Value text, Reason, Request Id, Source
22 Change Score | Modify the score of a person | Score Name string | Change Value, New Value integer, Old Value integer, Reason
24 Add to List | Add a person/record to a list | List ID integer | Source
25 Remove from List | Remove this person/record from a list | List ID integer | Source
27 Email Bounced Soft | Campaign Email is bounced soft for a person | Mailing ID integer | Campaign Run ID integer, Category, Details, Email, Subcategory
32 Merge Leads | Merge two or more people/records into a single record | Lead ID integer | Master Updated boolean, Merge IDs text, Merge Fields text, Merge Source
34 Add to Opportunity | Add a person to an Opportunity | Oppty ID integer | Is Primary boolean, Role
35 Remove from Opportunity | Remove a person from an Opportunity | Oppty ID integer | Is Primary boolean, Role
36 Update Opportunity | Update an Opportunity | Oppty ID integer | Data Value Changes text, Attribute Name, New Value text, Old Value text
37 Delete Lead | Delete person/record from the database | Lead ID integer | Campaign, Remove from CRM boolean
38 Send Alert | Send alert email about a person | Mailing ID integer | Send To List, Send To Owner
46 Interesting Moment | Record an interesting moment for a person | Milestone ID integer | Date datetime, Description text, Source, Type
47 Request Campaign | Campaign membership is requested for a person | Campaign ID integer | Source
100 Change Lead Partition | Partition is changed for a person | New Partition ID integer | Old Partition ID integer, Reason
101 Change Revenue Stage | Modify the revenue stage of a person | Model ID integer | New Stage, New Stage ID integer, Old Stage, Old Stage ID integer, Reason
104 Change Status in Progression | Change the status of a person in a program | Program ID integer | Acquired By boolean, New Status, New Status ID integer, Old Status, Old Status ID integer, Program Member ID integer, Reason, Success boolean
110 Call Webhook | Call a Webhook | Webhook integer | Error Type integer, Response text
113 Add to Nurture | Add a person to a nurture program | Program ID integer | Track ID integer, Track Name
114 Change Nurture Track | Change the nurture track of a person | Program ID integer | New Track ID integer, Previous Track ID integer
115 Change Nurture Cadence | Change the nurture cadence of a person | Program ID integer | New Nurture Cadence, Previous Nurture Cadence
123 Change Program Member Data | Change the data of a person's membership in a program | Program ID integer | Attribute Name, New Value text, Old Value text, Reason, Source
145 Push Lead to Marketo | Person is pushed to Marketo through the API | Program ID integer | API Method Name, Reason, Request Id, Source
"""  # noqa: E501 - a table


def browse(_request: Request) -> Answer:
    """Answer `GET /activities/types.json`."""
    return Answer([dict(row) for row in ROWS])


def _read(line: str) -> dict[str, object]:
    head, description, primary, others = (part.strip() for part in line.split("|"))
    number, _, name = head.partition(" ")
    row: dict[str, object] = {"id": int(number), "name": name, "apiName": _api_name(name), "description": description}
    if primary:
        row["primaryAttribute"] = _attribute(primary)
    return row | {"attributes": [_attribute(text.strip()) for text in others.split(",")]}


def _attribute(text: str) -> dict[str, object]:
    name, _, data_type = text.rpartition(" ")
    if data_type not in {"integer", "boolean", "date", "datetime", "text", "string"}:
        name, data_type = text, "string"
    return {"name": name, "apiName": _api_name(name), "dataType": data_type}


def _api_name(name: str) -> str:
    first, *rest = name.split(" ")
    return "".join([first.lower(), *(word.capitalize() for word in rest)])


ROWS = tuple(_read(line) for line in _TYPES.strip().split("\n"))
"""The types as replies carry them, by id."""
