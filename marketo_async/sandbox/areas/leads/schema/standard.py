"""The fields that every lead database starts with, and a few of a customer's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from marketo_async.sandbox.areas.leads.schema.field import LENGTHS, LeadField, custom_field
from marketo_async.sandbox.areas.leads.schema.registry import Schema

if TYPE_CHECKING:
    from marketo_async.sandbox.areas.leads.schema.field import DataType

DEFAULT_FIELDS = ("id", "firstName", "lastName", "email", "updatedAt", "createdAt")
"""What a lead is answered with when no fields are named, in this order."""

MOST_CREATED = 100
"""Lead fields that can be made through the API."""

# REST name, SOAP name ("-" for none), label
_COMPANY: dict[DataType, str] = {
    "string": """
        company Company Company Name
        site Site Site
        billingCity BillingCity Billing City
        billingState BillingState Billing State
        billingCountry BillingCountry Billing Country
        billingPostalCode BillingPostalCode Billing Postal Code
        industry Industry Industry
        sicCode SICCode SIC Code""",
    "text": """
        billingStreet BillingStreet Billing Address
        mktoCompanyNotes MktoCompanyNotes Company Notes""",
    "phone": "mainPhone MainPhone Main Phone",
    "url": "website Website Website",
    "currency": "annualRevenue AnnualRevenue Annual Revenue",
    "integer": "numberOfEmployees NumberOfEmployees Num Employees",
}
_PERSON: dict[DataType, str] = {
    "string": """
        salutation Salutation Salutation
        firstName FirstName First Name
        middleName MiddleName Middle Name
        lastName LastName Last Name
        title Title Job Title
        department Department Department
        city City City
        state State State
        country Country Country
        postalCode PostalCode Postal Code
        leadSource LeadSource Lead Source
        leadStatus LeadStatus Lead Status
        leadRole LeadRole Role
        rating Rating Lead Rating
        unsubscribedReason UnsubscribedReason Unsubscribed Reason
        doNotCallReason DoNotCallReason Do Not Call Reason
        emailInvalidCause EmailInvalidCause Email Invalid Cause
        emailSuspendedCause EmailSuspendedCause Email Suspended Cause
        originalSourceType OriginalSourceType Original Source Type
        originalSourceInfo OriginalSourceInfo Original Source Info
        originalReferrer OriginalReferrer Original Referrer
        originalSearchEngine OriginalSearchEngine Original Search Engine
        originalSearchPhrase OriginalSearchPhrase Original Search Phrase
        registrationSourceType RegistrationSourceType Registration Source Type
        registrationSourceInfo RegistrationSourceInfo Registration Source Info
        anonymousIP AnonymousIP Anonymous IP
        inferredCompany InferredCompany Inferred Company
        inferredCountry InferredCountry Inferred Country
        inferredCity InferredCity Inferred City
        inferredStateRegion InferredStateRegion Inferred State Region
        inferredPostalCode InferredPostalCode Inferred Postal Code
        inferredMetropolitanArea InferredMetropolitanArea Inferred Metropolitan Area
        inferredPhoneAreaCode InferredPhoneAreaCode Inferred Phone Area Code
        externalCompanyId - External Company Id
        externalSalesPersonId - External Sales Person Id
        personType - Person Type
        mktoName MktoName Full Name
        sfdcType SFDCType SFDC Type
        sfdcAccountId SFDCAccountId SFDC Account Id
        sfdcContactId SFDCContactId SFDC Contact Id
        sfdcLeadId SFDCLeadId SFDC Lead Id
        sfdcLeadOwnerId SFDCLeadOwnerId SFDC Lead Owner Id
        sfdcOpptyId SFDCOpptyId SFDC Oppty Id
        cookies - Cookies
        facebookId MarketoSocialFacebookId Marketo Social Facebook Id
        facebookDisplayName MarketoSocialFacebookDisplayName Marketo Social Facebook Display Name
        linkedInId MarketoSocialLinkedInId Marketo Social LinkedIn Id
        linkedInDisplayName MarketoSocialLinkedInDisplayName Marketo Social LinkedIn Display Name
        twitterId MarketoSocialTwitterId Marketo Social Twitter Id
        twitterDisplayName MarketoSocialTwitterDisplayName Marketo Social Twitter Display Name""",
    "text": """
        address Address Address
        leadNotes LeadNotes Lead Notes
        mktoPersonNotes MktoPersonNotes Person Notes""",
    "email": "email Email Email Address",
    "phone": """
        phone Phone Phone Number
        mobilePhone MobilePhone Mobile Phone Number
        fax Fax Fax Number""",
    "integer": """
        id Id Id
        leadPartitionId - Lead Partition Id
        priority Priority Priority
        relativeScore RelativeScore Relative Score
        relativeUrgency RelativeUrgency Relative Urgency""",
    "float": "urgency Urgency Urgency",
    "score": "leadScore LeadScore Lead Score",
    "boolean": """
        unsubscribed Unsubscribed Unsubscribed
        doNotCall DoNotCall Do Not Call
        emailInvalid EmailInvalid Email Invalid
        emailSuspended EmailSuspended Email Suspended
        marketingSuspended MarketingSuspended Marketing Suspended
        blackListed BlackListed Black Listed
        isLead - Is Lead
        isAnonymous - Is Anonymous
        mktoIsCustomer MktoIsCustomer Is Customer
        mktoIsPartner MktoIsPartner Is Partner""",
    "date": "dateOfBirth DateofBirth Date of Birth",
    "datetime": """
        createdAt - Created At
        updatedAt - Updated At
        emailSuspendedAt EmailSuspendedAt Email Suspended At
        acquisitionDate AcquisitionDate Acquisition Date""",
    "reference": "contactCompany - Contact Company",
    "formula": "sfdcId SFDCId SFDC Id",
}
_CUSTOM: dict[DataType, str] = {
    "string": "customField_c - Custom Field\nfavouriteColor_c - Favourite Colour",
    "email": "secondEmail_c - Second Email",
    "integer": "loyaltyNumber_c - Loyalty Number",
    "score": "behaviorScore_c - Behavior Score",
    "float": "float_field - Float Field",
    "currency": "lifetimeValue_c - Lifetime Value",
    "percent": "fitPercent_c - Fit Percent\npercent_field - Percent Field",
    "boolean": "newsletter_c - Newsletter",
    "date": "renewalDate_c - Renewal Date",
    "datetime": "lastLogin_c - Last Login",
    "text": "notes_c - Notes",
    "url": "profile_c - Profile",
    "phone": "assistantPhone_c - Phone of the Assistant",
}

_SEARCHABLE = frozenset({
    "id", "cookies", "email", "facebookId", "linkedInId", "twitterId", "leadPartitionId",
    "sfdcAccountId", "sfdcContactId", "sfdcLeadId", "sfdcLeadOwnerId", "sfdcOpptyId",
})  # fmt: skip
_READ_ONLY = frozenset({
    "leadPartitionId", "createdAt", "updatedAt", "isLead", "isAnonymous", "personType", "mktoName", "anonymousIP",
    "contactCompany", "sfdcId", "relativeScore", "relativeUrgency", "inferredCompany", "inferredCountry",
    "inferredCity", "inferredStateRegion", "inferredPostalCode", "inferredMetropolitanArea", "inferredPhoneAreaCode",
})  # fmt: skip
_CRM = frozenset({
    "sfdcType", "sfdcAccountId", "sfdcContactId", "sfdcLeadId", "sfdcLeadOwnerId", "sfdcOpptyId", "sfdcId"
})  # fmt: skip
_SHORT_TEXTS = {"address": 2000, "billingStreet": 2000}


def lead_schema() -> Schema:
    """Return the fields of a new instance."""
    schema = Schema(most_created=MOST_CREATED)
    for table in (_COMPANY, _PERSON):
        for data_type, lines in table.items():
            for name, soap_name, label in _read(lines):
                field = _standard(name, data_type, soap_name, label)
                schema.put(attrs.evolve(field, of_company=table is _COMPANY))
    for data_type, lines in _CUSTOM.items():
        for name, _, label in _read(lines):
            schema.put(custom_field(name, data_type, label))
    return schema


def _read(lines: str) -> list[tuple[str, str, str]]:
    return [(name, soap, label) for name, soap, label in (line.split(maxsplit=2) for line in lines.split("\n") if line)]


def _standard(name: str, data_type: DataType, soap_name: str, label: str) -> LeadField:
    return LeadField(
        name,
        data_type,
        name in _SEARCHABLE,
        display_name=label,
        soap_name=None if soap_name == "-" else soap_name,
        length=_SHORT_TEXTS.get(name, LENGTHS.get(data_type)),
        updateable=name not in _READ_ONLY,
        crm_managed=name in _CRM,
    )
