"""What stands in front of the areas: token, permission, limits, path, verb, content type; in this order."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from marketo_async.sandbox import identity
from marketo_async.sandbox.arrivals import Arrival
from marketo_async.sandbox.bodies import read_body
from marketo_async.sandbox.call import Call, check_body, method_of, turn_away
from marketo_async.sandbox.envelope import Reply, dropped, refusal, success
from marketo_async.sandbox.exchange import Parameters, Refusal, Request
from marketo_async.sandbox.families import family_of
from marketo_async.sandbox.spoiling import spoil
from marketo_async.sandbox.words import FREE, WORDS

if TYPE_CHECKING:
    from datetime import date

    from marketo_async.sandbox.bodies import Body, Incoming
    from marketo_async.sandbox.instance import Instance
    from marketo_async.sandbox.routing import Router
    from marketo_async.sandbox.tokens import Token

logger = logging.getLogger(__name__)


class Gateway:
    """Answers requests; knows nothing of ASGI."""

    def __init__(self, instance: Instance, router: Router, *, raise_bugs: bool) -> None:
        self._instance = instance
        self._router = router
        self._raise_bugs = raise_bugs

    async def answer(self, incoming: Incoming) -> Reply:
        """Answer a request, and write it into the log.

        Raises:
            Exception: a mistake in an area, if bugs are to be raised.
        """
        there, work = self._instance.draw_latency()
        await _pause(there)
        call = self._open(incoming, await read_body(incoming), work)
        enter = self._identity if incoming.path.startswith("/identity/") else self._enter
        try:
            reply = turn_away(call) or await enter(call)
        except Refusal as refused:
            reply = self._refuse(call, refused)
        self._close(call, reply)
        return reply

    def _refuse(self, call: Call, refused: Refusal) -> Reply:
        return refusal(refused, call.family, self._instance.request_id())

    def _open(self, incoming: Incoming, body: Body, work: float) -> Call:
        family = family_of(incoming.path)
        method = method_of(incoming, body, family)
        match = self._router.find(incoming.path)
        arrival = Arrival(self._instance.clock.monotonic(), method, incoming.path)
        arrival.template = match.place.template if match else ""
        fault = self._instance.faults.draw(method, incoming.path, arrival.template)
        arrival.fault = fault.name if fault else None
        self._instance.arrivals.record(arrival)
        return Call(incoming, family, body, method, match, fault, arrival, work)

    def _close(self, call: Call, reply: Reply) -> None:
        arrival, counters = call.arrival, self._instance.counters
        arrival.status, arrival.code = (reply.status if reply.body is not None else None), reply.code
        arrival.answered_at = self._instance.clock.monotonic()
        if reply.code is not None:
            counters.refusals[reply.code] += 1
            counters.error(self._instance.today(), reply.code)
        elif reply.status != 200:  # noqa: PLR2004 - HTTP's OK
            counters.refusals["dropped" if reply.body is None else str(reply.status)] += 1
        logger.debug("%s %s -> %s", call.method, call.incoming.path, reply.code or reply.status)

    async def _identity(self, call: Call) -> Reply:
        incoming = call.incoming
        call.arrival.template = identity.TOKEN_PATH if incoming.path == identity.TOKEN_PATH else ""
        await _pause(call.seconds)
        reply = dropped()
        if call.does_work:
            sent = (call.body.form or Parameters()).over(incoming.parameters)
            reply = identity.answer(incoming.method, incoming.path, sent, self._instance.tokens)
        return spoil(reply, call, self._instance.request_id())

    async def _enter(self, call: Call) -> Reply:
        instance, arrival = self._instance, call.arrival
        token = self._authenticate(call)
        day = instance.today()
        self._admit(call, token, day)
        free = False
        try:
            reply = await self._carry_out(call)
            free = reply.code in FREE
        finally:
            instance.admission.leave(instance.clock.monotonic(), forgive=arrival.time if free else None)
        if free:
            instance.counters.forgive(day, arrival.user)
            arrival.counted = False
        return reply

    def _authenticate(self, call: Call) -> Token:
        tokens, fault = self._instance.tokens, call.fault
        token = tokens.check(call.incoming.headers.get("authorization"))
        if fault is not None and fault.stage == "door":
            if fault.code != "603":
                tokens.forget(token)
            raise Refusal(fault.code, fault.message)
        call.arrival.user = token.client.user
        return token

    def _admit(self, call: Call, token: Token, day: date) -> None:
        """Let the call in (it must leave again), or raise a refusal."""
        admission, arrived, fault = self._instance.admission, call.arrival.time, call.fault
        if call.route is not None and not token.client.may(call.route.permission):
            admission.note(arrived, day)
            self._count(call, day)
            raise Refusal("603", WORDS["603"])
        if fault is not None and fault.stage == "limits":
            refused: tuple[str, str] | None = admission.refuse(arrived, fault.code, day)
        else:
            refused = admission.arrive(arrived, day)
        if refused is None or admission.counts_refused:
            self._count(call, day)
        if refused is not None:
            raise Refusal(*refused)

    def _count(self, call: Call, day: date) -> None:
        self._instance.counters.call(day, call.arrival.user)
        call.arrival.counted = True

    async def _carry_out(self, call: Call) -> Reply:
        await _pause(call.seconds)
        reply = dropped()
        if call.does_work:
            try:
                reply = self._work(call)
            except Refusal as refused:
                reply = self._refuse(call, refused)
            except Exception:
                if self._raise_bugs:
                    raise
                logger.exception("A mistake in the sandbox: %s %s", call.method, call.arrival.template)
                reply = self._refuse(call, Refusal("611", WORDS["611"]))
        return spoil(reply, call, self._instance.request_id())

    def _work(self, call: Call) -> Reply:
        incoming, body, match, route = call.incoming, call.body, call.match, call.route
        if match is None:
            raise Refusal("610", WORDS["610"])
        if route is None:
            raise Refusal("605", WORDS["605"].format(method=call.method))
        if incoming.method != "GET":  # a body on a GET is tolerated, whatever it is
            check_body(call)
        query, form = incoming.parameters, body.form or Parameters()
        fields = form.over(query)
        request = Request(
            instance=self._instance,
            method=call.method,
            path=incoming.path,
            arguments=match.arguments,
            query=query if call.family.bodies == "form" else fields,
            fields=fields,
            json=body.json,
            user=call.arrival.user,
            arrived=call.arrival.time,
        )
        return success(route.answer(request), call.family, self._instance.request_id())


async def _pause(seconds: float) -> None:
    if seconds > 0:
        await asyncio.sleep(seconds)
