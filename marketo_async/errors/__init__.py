"""Everything that can go wrong, as one tree.

Drawn::

    MarketoError
    ├── ArgumentError (ValueError)          refused before anything was sent
    ├── ClientStateError (RuntimeError)     used outside its `async with`, on another loop, after a fork
    ├── DeadlineError (TimeoutError)        the deadline of the whole call passed
    ├── DecodeError                         a record that does not fit; `.path`, `.raw`
    ├── LimiterUnavailableError             Redis, over which limits are shared, cannot be used; nothing was sent
    ├── ListingUnstableError                a listing that moves faster than it can be read
    ├── TransportError                      no answer arrived
    │   ├── NotSentError                    nothing left this machine
    │   └── ConnectionLostError             it may have been done
    │       └── ReadTimeoutError
    ├── ProtocolError                       an answer that is not Marketo's: HTML, half a JSON; `.status`, `.body_start`
    └── ApiError                            Marketo said no; `.code`, `.message`, `.request_id`
        ├── AuthenticationError             wrong credentials, in Adobe's words
        │   └── InvalidTokenError           600 601
        │       └── ExpiredTokenError       602
        ├── AccessDeniedError               603 1008
        ├── BadRequestError                 605 609 612 613
        │   ├── RequestTooLargeError        HTTP 413    (also a ProtocolError)
        │   ├── UriTooLongError             HTTP 414    (also a ProtocolError)
        │   └── ValidationError             701 704 1001 1002 1003 1009 1011 1012 1025 1036 1042 1049
        │       └── UnknownFieldError       1006
        ├── NotFoundError                   702 710 718 1004 1013, HTTP 404
        │   └── UnknownResourceError        610
        ├── ThrottleError
        │   ├── RateLimitError              606, HTTP 429
        │   ├── ConcurrencyLimitError       615
        │   ├── DailyQuotaError             607; `.resets_at`
        │   │   └── DailyBudgetError        your own budget, before anything was sent
        │   └── CloneQuotaError             1020; `.resets_at`
        ├── TransientError                  713 1014
        │   ├── ServerError                 500 502 503 504 (also a ProtocolError)
        │   ├── RequestTimeoutError         604
        │   ├── ServiceUnavailableError     608
        │   ├── SystemFailureError          611
        │   ├── SubscriptionUnavailableError 614
        │   ├── LockTimeoutError            719
        │   └── ObjectInUseError            1022
        ├── BusinessRuleError               709 711 1010 1021 1048
        │   └── MergeError                  712 714 1076-1080
        ├── FeatureUnavailableError         616 703 1018 1026 1035
        ├── AlreadyExistsError              1005 1017
        ├── AmbiguousMatchError             1007
        ├── NotMemberError                  1015
        ├── SkippedError                    1037
        ├── LimitReachedError               1027 1028
        └── BulkError
            ├── ImportQueueFullError        1016
            ├── ImportInProgressError       1019
            ├── ExportQueueFullError        1029 "Too many jobs in queue"
            ├── ExportQuotaError            1029 "Export daily quota"; `.resets_at`
            └── JobAlreadyQueuedError       1029 "Job already queued"

A code that nobody has written down yet is a plain `ApiError` with that code.
"""

from marketo_async.errors._api import (
    AccessDeniedError,
    AlreadyExistsError,
    AmbiguousMatchError,
    ApiError,
    AuthenticationError,
    BadRequestError,
    BulkError,
    BusinessRuleError,
    CloneQuotaError,
    ConcurrencyLimitError,
    DailyBudgetError,
    DailyQuotaError,
    ExpiredTokenError,
    ExportQueueFullError,
    ExportQuotaError,
    FeatureUnavailableError,
    ImportInProgressError,
    ImportQueueFullError,
    InvalidTokenError,
    JobAlreadyQueuedError,
    LimitReachedError,
    LockTimeoutError,
    MergeError,
    NotFoundError,
    NotMemberError,
    ObjectInUseError,
    RateLimitError,
    RequestTimeoutError,
    RequestTooLargeError,
    ServerError,
    ServiceUnavailableError,
    SkippedError,
    SubscriptionUnavailableError,
    SystemFailureError,
    ThrottleError,
    TransientError,
    UnknownFieldError,
    UnknownResourceError,
    UriTooLongError,
    ValidationError,
)
from marketo_async.errors._codes import CODES, error_class
from marketo_async.errors._root import (
    ArgumentError,
    ClientStateError,
    ConnectionLostError,
    DeadlineError,
    DecodeError,
    LimiterUnavailableError,
    ListingUnstableError,
    MarketoError,
    NotSentError,
    ProtocolError,
    ReadTimeoutError,
    TransportError,
)

__all__ = [
    "CODES",
    "AccessDeniedError",
    "AlreadyExistsError",
    "AmbiguousMatchError",
    "ApiError",
    "ArgumentError",
    "AuthenticationError",
    "BadRequestError",
    "BulkError",
    "BusinessRuleError",
    "ClientStateError",
    "CloneQuotaError",
    "ConcurrencyLimitError",
    "ConnectionLostError",
    "DailyBudgetError",
    "DailyQuotaError",
    "DeadlineError",
    "DecodeError",
    "ExpiredTokenError",
    "ExportQueueFullError",
    "ExportQuotaError",
    "FeatureUnavailableError",
    "ImportInProgressError",
    "ImportQueueFullError",
    "InvalidTokenError",
    "JobAlreadyQueuedError",
    "LimitReachedError",
    "LimiterUnavailableError",
    "ListingUnstableError",
    "LockTimeoutError",
    "MarketoError",
    "MergeError",
    "NotFoundError",
    "NotMemberError",
    "NotSentError",
    "ObjectInUseError",
    "ProtocolError",
    "RateLimitError",
    "ReadTimeoutError",
    "RequestTimeoutError",
    "RequestTooLargeError",
    "ServerError",
    "ServiceUnavailableError",
    "SkippedError",
    "SubscriptionUnavailableError",
    "SystemFailureError",
    "ThrottleError",
    "TransientError",
    "TransportError",
    "UnknownFieldError",
    "UnknownResourceError",
    "UriTooLongError",
    "ValidationError",
    "error_class",
]
