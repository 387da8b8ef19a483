"""The asyncio client for the Adobe Marketo Engage REST API.

    from marketo_async import MarketoClient

    async with MarketoClient.from_env() as marketo:
        async for program in marketo.programs.browse():
            ...

Everything public is a name of this package. Names are resolved when they are first used, so that importing the package
costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

__version__: str

if TYPE_CHECKING:
    from marketo_async.api.assets._arguments import AnyFolder
    from marketo_async.api.assets.program_changes import ProgramType
    from marketo_async.api.assets.programs import ProgramFilter, ProgramStatus
    from marketo_async.api.assets.tokens import TokenType
    from marketo_async.client import MarketoClient
    from marketo_async.errors import (
        AccessDeniedError,
        AlreadyExistsError,
        AmbiguousMatchError,
        ApiError,
        ArgumentError,
        AuthenticationError,
        BadRequestError,
        BulkError,
        BusinessRuleError,
        ClientStateError,
        CloneQuotaError,
        ConcurrencyLimitError,
        ConnectionLostError,
        DailyBudgetError,
        DailyQuotaError,
        DeadlineError,
        DecodeError,
        ExpiredTokenError,
        ExportQueueFullError,
        ExportQuotaError,
        FeatureUnavailableError,
        ImportInProgressError,
        ImportQueueFullError,
        InvalidTokenError,
        JobAlreadyQueuedError,
        LimitReachedError,
        ListingUnstableError,
        LockTimeoutError,
        MarketoError,
        MergeError,
        NotFoundError,
        NotMemberError,
        NotSentError,
        ObjectInUseError,
        ProtocolError,
        RateLimitError,
        ReadTimeoutError,
        RequestTimeoutError,
        RequestTooLargeError,
        ServerError,
        ServiceUnavailableError,
        SkippedError,
        SubscriptionUnavailableError,
        SystemFailureError,
        ThrottleError,
        TransientError,
        TransportError,
        UnknownFieldError,
        UnknownResourceError,
        UriTooLongError,
        ValidationError,
    )
    from marketo_async.records import (
        Channel,
        Cost,
        ErrorCount,
        ErrorDay,
        Folder,
        FolderId,
        FolderItem,
        FolderRef,
        FolderTokens,
        IdResult,
        Lead,
        MyToken,
        Program,
        ProgramId,
        ProgressionStatus,
        SmartList,
        Tag,
        TagType,
        UsageDay,
        UserUsage,
    )
    from marketo_async.transport.change_feed import ChangeFeed
    from marketo_async.transport.change_walk import ChangeBatch
    from marketo_async.transport.limits import (
        Adaptive,
        BudgetStore,
        DayCalls,
        FileBudgetStore,
        Limiter,
        LimiterStats,
        Limits,
    )
    from marketo_async.transport.page import Page, Progress, Resume
    from marketo_async.transport.paging import Pager
    from marketo_async.transport.retry import RetryPolicy
    from marketo_async.transport.timeouts import Timeouts
    from marketo_async.transport.value_walk import FindPosition
    from marketo_async.transport.watermark import Watermark

__all__ = [
    "AccessDeniedError",
    "Adaptive",
    "AlreadyExistsError",
    "AmbiguousMatchError",
    "AnyFolder",
    "ApiError",
    "ArgumentError",
    "AuthenticationError",
    "BadRequestError",
    "BudgetStore",
    "BulkError",
    "BusinessRuleError",
    "ChangeBatch",
    "ChangeFeed",
    "Channel",
    "ClientStateError",
    "CloneQuotaError",
    "ConcurrencyLimitError",
    "ConnectionLostError",
    "Cost",
    "DailyBudgetError",
    "DailyQuotaError",
    "DayCalls",
    "DeadlineError",
    "DecodeError",
    "ErrorCount",
    "ErrorDay",
    "ExpiredTokenError",
    "ExportQueueFullError",
    "ExportQuotaError",
    "FeatureUnavailableError",
    "FileBudgetStore",
    "FindPosition",
    "Folder",
    "FolderId",
    "FolderItem",
    "FolderRef",
    "FolderTokens",
    "IdResult",
    "ImportInProgressError",
    "ImportQueueFullError",
    "InvalidTokenError",
    "JobAlreadyQueuedError",
    "Lead",
    "LimitReachedError",
    "Limiter",
    "LimiterStats",
    "Limits",
    "ListingUnstableError",
    "LockTimeoutError",
    "MarketoClient",
    "MarketoError",
    "MergeError",
    "MyToken",
    "NotFoundError",
    "NotMemberError",
    "NotSentError",
    "ObjectInUseError",
    "Page",
    "Pager",
    "Program",
    "ProgramFilter",
    "ProgramId",
    "ProgramStatus",
    "ProgramType",
    "Progress",
    "ProgressionStatus",
    "ProtocolError",
    "RateLimitError",
    "ReadTimeoutError",
    "RequestTimeoutError",
    "RequestTooLargeError",
    "Resume",
    "RetryPolicy",
    "ServerError",
    "ServiceUnavailableError",
    "SkippedError",
    "SmartList",
    "SubscriptionUnavailableError",
    "SystemFailureError",
    "Tag",
    "TagType",
    "ThrottleError",
    "Timeouts",
    "TokenType",
    "TransientError",
    "TransportError",
    "UnknownFieldError",
    "UnknownResourceError",
    "UriTooLongError",
    "UsageDay",
    "UserUsage",
    "ValidationError",
    "Watermark",
]

_HOMES = {
    "api.assets._arguments": ("AnyFolder",),
    "api.assets.program_changes": ("ProgramType",),
    "api.assets.programs": ("ProgramFilter", "ProgramStatus"),
    "api.assets.tokens": ("TokenType",),
    "client": ("MarketoClient",),
    "errors": (
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
    ),
    "records": (
        "Channel",
        "Cost",
        "ErrorCount",
        "ErrorDay",
        "Folder",
        "FolderId",
        "FolderItem",
        "FolderRef",
        "FolderTokens",
        "IdResult",
        "Lead",
        "MyToken",
        "Program",
        "ProgramId",
        "ProgressionStatus",
        "SmartList",
        "Tag",
        "TagType",
        "UsageDay",
        "UserUsage",
    ),
    "transport.change_feed": ("ChangeFeed",),
    "transport.change_walk": ("ChangeBatch",),
    "transport.limits": (
        "Adaptive",
        "BudgetStore",
        "DayCalls",
        "FileBudgetStore",
        "Limiter",
        "LimiterStats",
        "Limits",
    ),
    "transport.page": (
        "Page",
        "Progress",
        "Resume",
    ),
    "transport.paging": ("Pager",),
    "transport.retry": ("RetryPolicy",),
    "transport.timeouts": ("Timeouts",),
    "transport.value_walk": ("FindPosition",),
    "transport.watermark": ("Watermark",),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


if not TYPE_CHECKING:  # so that a misspelt name is an error to type checkers

    def __getattr__(name: str) -> object:
        if name == "__version__":
            from importlib.metadata import version  # noqa: PLC0415 - rarely asked for

            return version("marketo-async")
        home = _HOME_OF.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(f"{__name__}.{home}"), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
