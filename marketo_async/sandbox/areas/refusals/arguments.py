"""Arguments that are missing, cannot be read, or are too much."""

from __future__ import annotations

from marketo_async.sandbox.exchange import Refusal


def blank(field: str) -> Refusal:
    """A required form field of the Asset API is missing or blank (*seen*)."""
    return Refusal("701", f"{field} cannot be blank")


def too_long(field: str, limit: int) -> Refusal:
    """A text is longer than `limit` characters (*seen* for program names)."""
    return Refusal("701", f"{field} cannot exceed more than {limit} characters")


def missing(parameter: str) -> Refusal:
    """A required query parameter is missing or blank (*seen*)."""
    return Refusal("1002", f"Missing value for required parameter '{parameter}'")


def wrong_type(value: object, required: str) -> Refusal:
    """A value cannot be read as what it must be (*seen* for Integer and FolderVariantType)."""
    return Refusal("1001", f"Invalid value '{value}'. Required of type '{required}'")


def bad_request() -> Refusal:
    """Arguments that are well formed and yet make no sense (*seen*)."""
    return Refusal("1003", "Invalid request. Please check and try again.")


def bad_json() -> Refusal:
    """A form field that must hold JSON does not (code *seen*)."""
    return Refusal("609", "Invalid JSON")


def bad_date(field: str, value: str) -> Refusal:
    """A date or date-time cannot be read."""
    return Refusal("704", f"Invalid date format for {field}: '{value}'")


def too_many_values(limit: int) -> Refusal:
    """More filter values than one call may carry."""
    return Refusal("1003", f"Number of filter values exceeds the limit of {limit}")


def too_many_records(limit: int) -> Refusal:
    """More records than one call may carry (code *seen*)."""
    return Refusal("1003", f"Number of records exceeds the limit of {limit}")


def bad_batch_size(limit: int) -> Refusal:
    """A page size outside 1 to `limit`."""
    return Refusal("1003", f"Invalid value for batchSize: must be between 1 and {limit}")


def bad_page_token() -> Refusal:
    """A page token that was never issued, or for another search."""
    return Refusal("1003", "Invalid value for nextPageToken")


def bad_span(days: int) -> Refusal:
    """A time of change that ends before it begins, or is longer than `days`."""
    return Refusal("1003", f"Invalid value for startAt and endAt: the range must be at most {days} days")
