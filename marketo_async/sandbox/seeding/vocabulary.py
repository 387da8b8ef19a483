"""The words of which seeded names are made."""

# ruff: noqa: RUF001 - dashes and letters that look like others are what real names are full of

from __future__ import annotations

import attrs


@attrs.frozen
class Region:
    """A part of the world in which an imaginary marketing department works.

    Attributes:
        code: As it appears in names and tags.
        folder: The name of its folders.
        cities: Where its events are.
    """

    code: str
    folder: str
    cities: tuple[str, ...]


AMER = Region("AMER", "North America", ("Boston", "Austin", "San Francisco", "Toronto", "Montréal", "Chicago", "NYC"))
EMEA = Region("EMEA", "EMEA", ("London", "München", "Zürich", "Paris", "Málaga", "Kraków", "Dubai", "Stockholm"))
APAC = Region("APAC", "APAC", ("Singapore", "Sydney", "東京", "Tokyo", "台北", "서울", "Bengaluru", "Auckland"))
LATAM = Region("LATAM", "LATAM", ("São Paulo", "Bogotá", "Ciudad de México", "Santiago", "Buenos Aires"))

WORKSPACES: tuple[tuple[str, float, tuple[Region, ...]], ...] = (
    ("", 0.62, (AMER, LATAM, APAC)),
    ("EMEA Marketing", 0.30, (EMEA,)),
    ("Partner Marketing", 0.08, (AMER, EMEA, APAC)),
)
"""Name ("" is the default workspace), share of the programs, regions."""

TEAMS = ("Demand Gen", "Field Marketing", "Customer Marketing", "Product Marketing", "Ops & Data")

THEMES = (
    "Cloud Migration", "Customer 360", "Zero Trust", "AI for Finance", "supply chain", "Data Governance",
    "Retail Pulse", "Analytics+", "R&D Leaders", "Women's Leadership", "State of Marketing", "Kundenbindung",
    "Transformación Digital", "Digital Twins",
    "Sécurité & Conformité", "Fraud Prevention", "Employee Experience", "Open Banking", "IoT at the Edge",
    "API Strategy", "Low-Code", "Sustainability", "Smart Manufacturing", "Personalization", "Loyalty",
    "Churn", "CFO Agenda",
    "Healthcare Insights", "public sector", "DevOps Days", "Observability", "Pricing", "Partner Enablement",
    "データ活用", "Nouveautés Produit", "Onboarding", "Renewal", "Year-End Close", "Black Friday", "GDPR",
    "Mobile First",
)  # fmt: skip

AUDIENCES = (
    "CIO", "CMO", "Developers", "SMB", "Enterprise", "Mid-Market", "customers", "Prospects", "Partners", "Inactive",
    "MQL", "Tier 1 Accounts", "Öffentliche Hand", "Students", "Execs", "Trial Users",
)  # fmt: skip

ASSETS = (
    "eBook", "Whitepaper", "Checklist", "Benchmark Report", "Case Study", "Video", "ROI Calculator", "Infographic",
    "Solution Brief", "Podcast", "Contact Us", "Demo Request", "Free Trial", "Analyst Report", "Guía", "Leitfaden",
)  # fmt: skip

PATTERNS: dict[str, tuple[str, ...]] = {
    "Default": (
        "{year}-{month:02} {theme} {asset}",
        "{region} | {theme} | {asset} | FY{fiscal}Q{quarter}",
        "CT-{year}-{month:02}-{theme}-{asset}-{audience}",
        "Paid Social - {theme} - {audience} ({region})",
        "WC {theme} {asset} {region}",
        "ops: {theme} scoring for {audience}",
        "{audience} list import {year}{month:02}{day:02}",
        'Google Ads "{theme}" {region} Q{quarter} {year}',
        "{theme} {asset} – {city}",
        "[{region}] {asset}: {theme} & {audience}",
    ),
    "Event": (
        "{city} {theme} Summit {year}",
        "TS-{year}-{month:02} {theme} Expo {city}",
        "{year}.{month:02}.{day:02} {city} Executive Dinner: {theme}",
        "Roadshow {region} {year} | {city} | {theme}",
        "{theme} Meet & Greet @ {city} {month:02}/{day:02}/{year}",
    ),
    "Event with Webinar": (
        "WBN {year}-{month:02}-{day:02} {theme}",
        "Webinar: {theme} for {audience} [{region}] {year}",
        "{year}-{month:02} {region} Webinar – {theme}",
        '"Ask Me Anything": {theme} Q&A {month:02}/{year}',
    ),
    "Engagement": (
        "{theme} Nurture – {audience} {region}",
        "NUR-{region}-{audience}-{theme}",
        "always-on {theme} nurture {year}",
        "{audience} onboarding stream | {theme} | {region}",
    ),
    "Email": (
        "EM {year}-{month:02}-{day:02} {theme} Invite",
        "{year}{month:02}{day:02}_{region}_{theme}_email",
        "Newsletter {region} {year}/{month:02} {theme}",
        "{theme} Follow-up #2 – {audience} {month:02}/{day:02}/{year}",
        "last chance: {theme} ({city}) {year}-{month:02}-{day:02}",
        "50%+ off {theme} promo {audience} Q{quarter} {year}",
    ),
}
"""Type of program -> patterns of its names."""

DESCRIPTIONS = (
    "",
    "",
    "",
    "Owner: regional team. Please do not edit the smart lists.",
    "Copied from the program template; check tokens before launch.",
    "Approved budget, see the plan.",
    'Uses "Global" e-mail template v3 & localized landing page.',
    "Reporting only\nno sends from here",
    "Übersetzung folgt.",
)

COST_NOTES = ("", "", "Google Adwords", "Booth & travel", "Agency fee", "LinkedIn", "Catering", "Übersetzung")

FIRST_NAMES = (
    "Anna", "Ben", "Carla", "David", "Elif", "François", "Grace", "Hiroshi", "Inés", "Jack", "Katarzyna", "Liam",
    "María", "Noah", "Olivia", "Priya", "Quentin", "Renée", "Søren", "Tomás", "Uma", "Victor", "Wei", "Ximena",
    "Yusuf", "Zoë",
)  # fmt: skip

LAST_NAMES = (
    "Adams", "Björk", "Chen", "Dvořák", "Evans", "Fischer", "García", "Huang", "Ivanov", "Jones", "Kowalski", "López",
    "Müller", "Nguyen", "O'Brien", "Patel", "Quinn", "Rossi", "Sato", "Taylor", "Uchida", "van der Berg", "Williams",
    "Xu", "Yılmaz", "Zimmermann",
)  # fmt: skip

COMPANIES = (
    "Acme", "Globex", "Initech", "Umbrella Health", "Stark & Sons", "Wayne Logistics", "Hooli", "Vandelay Imports",
    "Wonka Foods", "Tyrell Systems", "Cyberdyne", "Soylent", "Massive Dynamic", "Pied Piper", "Blue Sun", "Oscorp",
)  # fmt: skip

COUNTRIES = ("United States", "Germany", "France", "Japan", "Brazil", "United Kingdom", "Taiwan", "Poland", "Spain")
TITLES = ("CMO", "VP Marketing", "Marketing Manager", "Developer", "Data Engineer", "CFO", "Analyst", "Head of IT")
SOURCES = ("Web", "Tradeshow", "Webinar", "Paid Search", "Referral", "List Purchase", "Partner")
COLORS = ("blue", "grün", "red", "violet", "")

LIST_PATTERNS = (
    "{audience} {region} {year}-{month:02}",
    "Customers {region}",
    "{city} {theme} attendees {year}",
    "Newsletter – {theme} [{region}]",
    "{year}-{month:02} list purchase: {audience}",
    "Do not contact ({region})",
    "{theme} & friends",
    "Test {audience} {year}",
)
"""Patterns of the names of static lists."""

LIST_DESCRIPTIONS = ("", "", "", "Upload of the agency, see ticket", "Monatlich gepflegt", "for suppression only")
