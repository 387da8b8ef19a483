"""One token for everybody: single flight, used until it dies, and never a storm of identity calls."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest

from marketo_async.errors import AuthenticationError, NotSentError
from marketo_async.records.access_token import AccessToken
from marketo_async.transport.secret import Secret
from marketo_async.transport.tokens import HeldToken, Tokens

if TYPE_CHECKING:
    from collections.abc import Coroutine

pytestmark = pytest.mark.virtual_time


class Identity:
    """Hands out the same token until it expires, with the whole seconds that are left; as Marketo's does."""

    def __init__(self, *, life: float = 3600.0, seconds: float = 0.2) -> None:
        self.life = life
        self.seconds = seconds
        self.calls: list[float] = []
        self.failures: list[Exception] = []
        self.tasks: list[asyncio.Task[HeldToken]] = []
        self._made = 0
        self._expires_at = 0.0

    @property
    def now(self) -> float:
        return asyncio.get_running_loop().time()

    @property
    def alive(self) -> str | None:
        """The token that Marketo takes at this moment."""
        return f"token-{self._made}" if self.now < self._expires_at else None

    def expires_in(self) -> int | None:
        return int(self._expires_at - self.now)

    async def __call__(self) -> AccessToken:
        self.calls.append(self.now)
        await asyncio.sleep(self.seconds / 2)
        if self.failures:
            raise self.failures.pop(0)
        if self.alive is None:
            self._made += 1
            self._expires_at = self.now + self.life
        reply = AccessToken(access_token=f"token-{self._made}", expires_in=self.expires_in())
        await asyncio.sleep(self.seconds / 2)
        return reply

    def spawn(self, coroutine: Coroutine[object, object, HeldToken]) -> asyncio.Task[HeldToken]:
        task = asyncio.get_running_loop().create_task(coroutine)
        task.add_done_callback(lambda task: task.cancelled() or task.exception())
        self.tasks.append(task)
        return task


class Without(Identity):
    """Leaves `expires_in` out, or says always the same."""

    def __init__(self, always: int | None) -> None:
        super().__init__()
        self._always = always

    def expires_in(self) -> int | None:
        return self._always


def tokens_of(identity: Identity) -> Tokens:
    return Tokens(identity, identity.spawn)


async def text(tokens: Tokens) -> str:
    return (await tokens.get()).text


# ---------------------------------------------------------------- single flight


async def test_a_hundred_waiters_share_one_call() -> None:
    """P3: a hundred tasks that need a token at once ask identity once, and get the same."""
    identity = Identity()
    tokens = tokens_of(identity)
    assert set(await asyncio.gather(*(text(tokens) for _ in range(100)))) == {"token-1"}
    assert len(identity.calls) == 1
    assert await text(tokens) == "token-1"
    assert len(identity.calls) == 1


async def test_a_hundred_waiters_after_expiry_share_one_call() -> None:
    """P3: when the token dies under a hundred tasks, one call fetches the next."""
    identity = Identity(life=10)
    tokens = tokens_of(identity)
    await tokens.get()
    await asyncio.sleep(11)
    assert set(await asyncio.gather(*(text(tokens) for _ in range(100)))) == {"token-2"}
    assert len(identity.calls) == 2


async def test_a_hundred_refusals_of_one_token_make_one_call() -> None:
    """P3: a hundred calls whose token was refused fetch one new token together."""
    identity = Identity()
    tokens = tokens_of(identity)
    refused = await tokens.get()
    identity._expires_at = 0
    for _ in range(100):
        tokens.refused(refused)
    assert set(await asyncio.gather(*(text(tokens) for _ in range(100)))) == {"token-2"}
    assert len(identity.calls) == 2


async def test_only_the_refused_token_is_forgotten() -> None:
    """P3: a late refusal of the old token does not throw the newer one away."""
    identity = Identity()
    tokens = tokens_of(identity)
    old = await tokens.get()
    identity._expires_at = 0
    tokens.refused(old)
    new = await tokens.get()
    assert (old.text, new.text) == ("token-1", "token-2")
    tokens.refused(old)
    assert await tokens.get() == new
    assert len(identity.calls) == 2


async def test_a_refusal_before_there_is_a_token_does_nothing() -> None:
    """A refusal of a token that is not held is no harm."""
    identity = Identity()
    tokens = tokens_of(identity)
    tokens.refused(Secret("unheard of"))
    assert await text(tokens) == "token-1"


async def test_a_refusal_while_the_next_one_is_fetched_keeps_the_next_one() -> None:
    """P3: the old token is refused while its successor is on its way: the successor is kept."""
    identity = Identity(life=10)
    tokens = tokens_of(identity)
    old = await tokens.get()
    await asyncio.sleep(11)
    waiter = asyncio.ensure_future(tokens.get())
    await asyncio.sleep(0.1)
    tokens.refused(old)
    assert (await waiter).text == "token-2"
    assert await text(tokens) == "token-2"
    assert len(identity.calls) == 2


# ---------------------------------------------------------------- how long a token is used


async def test_a_token_is_used_until_it_dies() -> None:
    """P4: nobody asks early: the same token would come back; the first call after its death fetches the next."""
    identity = Identity(life=3600)
    tokens = tokens_of(identity)
    await tokens.get()
    await asyncio.sleep(3598)
    assert await text(tokens) == "token-1"
    assert len(identity.calls) == 1
    await asyncio.sleep(2)
    assert await text(tokens) == "token-2"
    assert len(identity.calls) == 2


async def test_no_token_is_handed_out_after_it_has_died() -> None:
    """P4: what is handed out was alive by Marketo's clock, but for the fraction of a second that `expires_in` hides."""
    identity = Identity(life=60)
    tokens = tokens_of(identity)
    late = 0.0
    for _ in range(2_000):
        token = await text(tokens)
        if token != identity.alive:
            late = max(late, identity.now - identity._expires_at)
        await asyncio.sleep(0.31)
    assert late < 1.0 + identity.seconds


async def test_a_dying_token_is_used_up() -> None:
    """P4: a token with few seconds left is used for these seconds; then one fetch brings a new one."""
    identity = Identity(life=3600)
    await identity()
    await asyncio.sleep(3595)
    identity.calls.clear()
    tokens = tokens_of(identity)
    got = []
    for _ in range(100):
        got.append(await text(tokens))
        await asyncio.sleep(0.1)
    assert set(got) == {"token-1", "token-2"}
    assert got == sorted(got)
    assert len(identity.calls) <= 3


@pytest.mark.parametrize("always", [0, 1, -5])
async def test_an_expiry_of_zero_is_no_storm(always: int) -> None:
    """P4: an identity that says 0 or 1 for ever is asked once a second at most, however many calls there are."""
    identity = Without(always)
    tokens = tokens_of(identity)
    for _ in range(1_000):
        await asyncio.gather(*(tokens.get() for _ in range(10)))
        await asyncio.sleep(0.01)
    elapsed = identity.now
    assert 9 < elapsed < 13
    assert len(identity.calls) <= elapsed / 1.0 + 1


async def test_a_missing_expiry_is_a_minute() -> None:
    """P4: a token without `expires_in` is used for a minute, then asked for again."""
    identity = Without(None)
    tokens = tokens_of(identity)
    for _ in range(600):
        await tokens.get()
        await asyncio.sleep(1)
    assert 9 <= len(identity.calls) <= 11


async def test_a_huge_expiry_lasts() -> None:
    """P4: a token that lives for years is asked for once."""
    identity = Without(10**15)
    tokens = tokens_of(identity)
    for _ in range(100):
        await tokens.get()
        await asyncio.sleep(86_400)
    assert len(identity.calls) == 1


async def test_a_day_of_calls_asks_identity_once_an_hour() -> None:
    """P4: ten tasks that call every few seconds for a simulated day make some 24 identity calls, not thousands."""
    identity = Identity(life=3600)
    tokens = tokens_of(identity)

    async def work(pause: float) -> None:
        while identity.now < 86_400:
            await tokens.get()
            await asyncio.sleep(pause)

    await asyncio.gather(*(work(20 + task) for task in range(10)))
    # One call may fall into the last second of a token and then brings it once more: two calls an hour at most.
    assert 24 <= len(identity.calls) <= 50


# ---------------------------------------------------------------- cancellation and failure


async def test_cancelling_the_waiter_that_asked_fails_nobody() -> None:
    """P3: the first waiter is cancelled; the others get the token of the same call."""
    identity = Identity(seconds=5)
    tokens = tokens_of(identity)
    first, *others = [asyncio.ensure_future(text(tokens)) for _ in range(10)]
    await asyncio.sleep(1)
    first.cancel()
    assert await asyncio.gather(*others) == ["token-1"] * 9
    assert first.cancelled()
    assert len(identity.calls) == 1


async def test_cancelling_every_waiter_wastes_no_call() -> None:
    """P3: all waiters time out; the token that arrives afterwards is kept for the next."""
    identity = Identity(seconds=5)
    tokens = tokens_of(identity)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await tokens.get()
    await asyncio.sleep(10)
    assert await text(tokens) == "token-1"
    assert len(identity.calls) == 1


async def test_a_failure_reaches_every_waiter_as_an_error_of_its_own() -> None:
    """A2: every waiter gets its own exception, and the traceback of none grows with their number."""
    identity = Identity()
    identity.failures = [AuthenticationError("invalid_client: Bad client credentials")]
    tokens = tokens_of(identity)
    outcomes = await asyncio.gather(*(tokens.get() for _ in range(100)), return_exceptions=True)
    assert len(identity.calls) == 1
    assert {str(outcome) for outcome in outcomes} == {"invalid_client: Bad client credentials"}
    assert len({id(outcome) for outcome in outcomes}) == 100
    last = outcomes[-1]
    assert isinstance(last, AuthenticationError)
    original = last.__cause__
    assert isinstance(original, AuthenticationError)
    assert frames_of(last) < 5
    assert frames_of(original) < 5


def frames_of(error: BaseException) -> int:
    frames, traceback = 0, error.__traceback__
    while traceback is not None:
        frames, traceback = frames + 1, traceback.tb_next
    return frames


async def test_a_failure_is_not_remembered() -> None:
    """After a failure the next call asks identity again, once."""
    identity = Identity()
    identity.failures = [NotSentError("refused"), NotSentError("refused")]
    tokens = tokens_of(identity)
    for _ in range(2):
        with pytest.raises(NotSentError):
            await tokens.get()
    assert await text(tokens) == "token-1"
    assert len(identity.calls) == 3


async def test_a_failing_refresh_leaves_no_dead_token_behind() -> None:
    """P3: when the fetch after a refusal fails, the refused token is not handed out again."""
    identity = Identity()
    tokens = tokens_of(identity)
    refused = await tokens.get()
    tokens.refused(refused)
    identity._expires_at = 0
    identity.failures = [NotSentError("refused")]
    with pytest.raises(NotSentError):
        await tokens.get()
    assert await text(tokens) == "token-2"


@pytest.mark.parametrize("begun", [True, False])
async def test_a_fetch_that_is_cancelled_blocks_nobody_for_ever(begun: bool) -> None:
    """A fetch that closing cancels, even before it began, ends for its waiters as cancelled, and the next asks anew."""
    identity = Identity(seconds=5)
    tokens = tokens_of(identity)
    waiter = asyncio.ensure_future(tokens.get())
    await asyncio.sleep(1 if begun else 0)
    identity.tasks[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter
    assert await text(tokens) == "token-1"


async def test_a_held_token_shows_nothing() -> None:
    """P15: neither the repr of a token nor that of what holds it shows its text."""
    held = HeldToken(Secret("token-1"), 3600.0)
    assert repr(held) == "HeldToken(token=Secret(***), dies_at=3600.0)"
    assert f"{held.token}" == "Secret(***)"
