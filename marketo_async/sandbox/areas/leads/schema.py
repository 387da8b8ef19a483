"""The fields that leads have: their types, and by which of them leads can be searched."""

from __future__ import annotations

from typing import Literal

import attrs

DataType = Literal[
    "string", "text", "email", "phone", "url", "integer", "score", "float", "currency", "percent", "boolean", "date",
    "datetime",
]  # fmt: skip


@attrs.frozen
class LeadField:
    """One field.

    Attributes:
        name: Its REST name.
        data_type: What its values are; datetimes are kept aware, dates as days.
        searchable: Whether leads can be found by it.
    """

    name: str
    data_type: DataType
    searchable: bool = False


_STANDARD: dict[DataType, str] = {
    "integer": "id leadPartitionId numberOfEmployees",
    "string": (
        "firstName middleName lastName salutation title department company site city state country "
        "postalCode leadSource leadStatus leadRole industry sicCode rating originalSourceType originalSourceInfo "
        "originalReferrer originalSearchEngine originalSearchPhrase registrationSourceType registrationSourceInfo "
        "anonymousIP inferredCompany inferredCountry inferredCity inferredStateRegion inferredPostalCode "
        "inferredMetropolitanArea inferredPhoneAreaCode externalCompanyId externalSalesPersonId personType mktoName "
        "emailInvalidCause emailSuspendedCause unsubscribedReason doNotCallReason sfdcAccountId sfdcContactId "
        "sfdcLeadId sfdcLeadOwnerId sfdcOpptyId sfdcType sfdcId cookies facebookId linkedInId twitterId "
        "facebookDisplayName linkedInDisplayName twitterDisplayName"
    ),
    "text": "address billingStreet leadNotes",
    "email": "email",
    "phone": "phone mobilePhone fax mainPhone",
    "url": "website",
    "score": "leadScore",
    "currency": "annualRevenue",
    "float": "urgency priority relativeScore relativeUrgency",
    "boolean": (
        "unsubscribed doNotCall emailInvalid emailSuspended marketingSuspended blackListed mktoIsPartner isLead "
        "isAnonymous mktoIsCustomer"
    ),
    "date": "dateOfBirth",
    "datetime": "createdAt updatedAt emailSuspendedAt acquisitionDate",
}

_CUSTOM: dict[DataType, str] = {
    "string": "customField_c favouriteColor_c",
    "email": "secondEmail_c",
    "integer": "loyaltyNumber_c",
    "score": "behaviorScore_c",
    "currency": "lifetimeValue_c",
    "percent": "fitPercent_c",
    "boolean": "newsletter_c",
    "date": "renewalDate_c",
    "datetime": "lastLogin_c",
    "text": "notes_c",
}

_SEARCHABLE = frozenset({
    "id", "cookies", "email", "facebookId", "linkedInId", "twitterId", "leadPartitionId",
    "sfdcAccountId", "sfdcContactId", "sfdcLeadId", "sfdcLeadOwnerId", "sfdcOpptyId",
})  # fmt: skip
_SEARCHABLE_CUSTOM = frozenset({"string", "email", "integer"})

DEFAULT_FIELDS = ("id", "firstName", "lastName", "email", "updatedAt", "createdAt")
"""What a lead is answered with when no fields are named, in this order."""


def standard_fields() -> dict[str, LeadField]:
    """Return the fields of a new instance, by name."""
    fields: dict[str, LeadField] = {}
    for data_type, names in _STANDARD.items():
        fields |= {name: LeadField(name, data_type, name in _SEARCHABLE) for name in names.split()}
    for data_type, names in _CUSTOM.items():
        fields |= {name: custom_field(name, data_type) for name in names.split()}
    return fields


def custom_field(name: str, data_type: DataType) -> LeadField:
    """Return a field of the customer's own: leads can be found by it if it holds text, e-mails or whole numbers."""
    return LeadField(name, data_type, data_type in _SEARCHABLE_CUSTOM)
