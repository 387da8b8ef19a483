"""What Marketo says no with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketo_async.errors._root import MarketoError, ProtocolError

if TYPE_CHECKING:
    from datetime import datetime


class ApiError(MarketoError):
    """Marketo answered, and the answer was no.

    Attributes:
        errors: Every `(code, message)` of the answer; the first one decides the class.
    """

    errors: tuple[tuple[str, str], ...] = ()


class AuthenticationError(ApiError):
    """Identity refused the credentials; the message is Adobe's `error` and `error_description`."""


class InvalidTokenError(AuthenticationError):
    """600, 601: the access token is not known (any more), even after new ones were fetched."""

    retryable = True


class ExpiredTokenError(InvalidTokenError):
    """602: the access token has expired, even after new ones were fetched."""


class AccessDeniedError(ApiError):
    """603, 1008: the API user's role, workspace, partition or IP allowlist does not permit this."""


class BadRequestError(ApiError):
    """605, 609, 612, 613: Marketo could not read the request."""


class RequestTooLargeError(BadRequestError, ProtocolError):
    """HTTP 413: the body is larger than Marketo takes (1 MB; imports 10 MB)."""

    retryable = False


class UriTooLongError(BadRequestError, ProtocolError):
    """HTTP 414: the URI is longer than Marketo takes (8 KB; assets 64 KB)."""

    retryable = False


class ValidationError(BadRequestError):
    """701, 704, 1001, 1002, 1003 and others: a value that Marketo does not take."""


class UnknownFieldError(ValidationError):
    """1006: no field has that API name."""


class NotFoundError(ApiError):
    """702, 710, 718, 1004, 1013, HTTP 404, and `get` of something that is not there."""


class UnknownResourceError(NotFoundError):
    """610: no operation of Marketo's has that path."""


class ThrottleError(ApiError):
    """Too much was asked for: per window, at once, or per day."""


class RateLimitError(ThrottleError):
    """606, HTTP 429: more than 100 calls in 20 seconds, counted over all integrations of the instance."""

    retryable = True


class ConcurrencyLimitError(ThrottleError):
    """615: more than 10 calls at once, counted over all integrations of the instance."""

    retryable = True


class DailyQuotaError(ThrottleError):
    """607: the calls of this day are used up.

    Attributes:
        resets_at: When the next day begins (midnight US Central), as an aware datetime in UTC.
    """

    resets_at: datetime | None = None


class DailyBudgetError(DailyQuotaError):
    """The `daily_budget` of your own is used up: the call was not sent. `code` is None, as Marketo was not asked."""


class CloneQuotaError(ThrottleError):
    """1020: no more clones of programs by scheduling today (20 a day); `resets_at` as in `DailyQuotaError`."""

    resets_at: datetime | None = None


class TransientError(ApiError):
    """713, 1014 and others: a failure on Marketo's side that usually passes."""

    retryable = True


class ServerError(TransientError, ProtocolError):
    """500, 502, 503, 504, as HTTP status or as code."""

    retryable = True


class RequestTimeoutError(TransientError):
    """604: Marketo took longer than it allows itself (30 s; assets 300 s)."""


class ServiceUnavailableError(TransientError):
    """608: the API is temporarily unavailable; nothing was done."""


class SystemFailureError(TransientError):
    """611: an unhandled error on Marketo's side; sometimes a permanent one, such as a clone across workspaces."""


class SubscriptionUnavailableError(TransientError):
    """614: the subscription cannot be reached, usually for a short time."""


class LockTimeoutError(TransientError):
    """719: cloning waited too long for a lock. Look for the clone by its name before cloning again."""

    retryable = False


class ObjectInUseError(TransientError):
    """1022: the object is in use."""


class BusinessRuleError(ApiError):
    """709, 711, 1010, 1021, 1048: a rule of Marketo's forbids it."""


class MergeError(BusinessRuleError):
    """712, 714, 1076 to 1080: these leads cannot be merged."""


class FeatureUnavailableError(ApiError):
    """616, 703, 1018, 1026, 1035: this subscription does not have the feature."""


class AlreadyExistsError(ApiError):
    """1005, 1017: it exists already."""


class AmbiguousMatchError(ApiError):
    """1007: several leads match the lookup."""


class NotMemberError(ApiError):
    """1015: the lead is not in the list."""


class SkippedError(ApiError):
    """1037: the lead was skipped, for example since it is in or past that status."""


class LimitReachedError(ApiError):
    """1027, 1028: no more activity types or fields can be made."""


class BulkError(ApiError):
    """A bulk job could not be taken."""


class ImportQueueFullError(BulkError):
    """1016: ten imports are queued already."""


class ImportInProgressError(BulkError):
    """1019: an import into that list is running."""


class ExportQueueFullError(BulkError):
    """1029: ten exports are queued already."""


class ExportQuotaError(BulkError):
    """1029: the day's export volume (500 MB) is used up; `resets_at` as in `DailyQuotaError`."""

    resets_at: datetime | None = None


class JobAlreadyQueuedError(BulkError):
    """1029: that job is queued already."""
