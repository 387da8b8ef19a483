"""From the bytes of a page to programs: our records against dicts, plain cattrs and msgspec.

python benchmarks/decode.py [--rounds 31]

CPU time of one process, interleaved rounds, medians: the ratios count, the milliseconds depend on the machine. The
pages are what the sandbox answers. What the others leave out: ours refuses a value of the wrong type and says where it
stood, keeps unknown keys, and remembers which keys were sent; msgspec and plain cattrs drop unknown keys, and plain
cattrs turns a null into "None".
"""

from __future__ import annotations

import argparse
import asyncio
import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import attrs
import cattrs
import msgspec
from cattrs.gen import make_dict_structure_fn, override
from rounds import cpu_seconds
from table import print_table

from marketo_async import Program, records
from marketo_async.sandbox import Sandbox
from marketo_async.transport.http import in_process_client

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = 200
REPEAT = 5
"""Pages a measurement: some ten milliseconds, far above what the clock can tell apart."""


# ---------------------------------------------------------------- plain cattrs on plain attrs classes


@attrs.frozen
class PlainFolder:
    """A folder reference."""

    type: str
    value: int
    folder_name: str


@attrs.frozen
class PlainTag:
    """A tag."""

    tag_type: str
    tag_value: str


@attrs.frozen
class PlainProgram:
    """A program, as a user of attrs would write it."""

    id: int
    name: str
    description: str
    created_at: datetime
    updated_at: datetime
    url: str
    type: str
    channel: str
    folder: PlainFolder
    status: str
    workspace: str
    head_start: bool
    tags: list[PlainTag] | None = None
    start_date: datetime | None = None
    end_date: datetime | None = None


def plain_converter() -> cattrs.Converter:
    """Return cattrs as its manual has it: names in camel case, a hook for dates, detailed errors off."""
    converter = cattrs.Converter(detailed_validation=False)
    converter.register_structure_hook(datetime, lambda text, _: datetime.fromisoformat(text.replace("Z+0000", "Z")))

    def camel(kind: Any) -> Callable[[Any, Any], Any]:
        names: dict[str, Any] = {
            field.name: override(rename=camel_case(field.name)) for field in attrs.fields(attrs.resolve_types(kind))
        }
        return make_dict_structure_fn(kind, converter, **names)

    converter.register_structure_hook_factory(attrs.has, camel)
    return converter


def camel_case(name: str) -> str:
    """Return `created_at` as `createdAt`."""
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)


# ---------------------------------------------------------------- msgspec


class StructFolder(msgspec.Struct, rename="camel", frozen=True):
    """A folder reference."""

    type: str
    value: int
    folder_name: str


class StructTag(msgspec.Struct, rename="camel", frozen=True):
    """A tag."""

    tag_type: str
    tag_value: str


class StructProgram(msgspec.Struct, rename="camel", frozen=True):
    """A program."""

    id: int
    name: str
    description: str
    created_at: datetime
    updated_at: datetime
    url: str
    type: str
    channel: str
    folder: StructFolder
    status: str
    workspace: str
    head_start: bool
    tags: list[StructTag] | None = None
    start_date: datetime | None = None
    end_date: datetime | None = None


class StructAnswer(msgspec.Struct):
    """The envelope."""

    result: list[StructProgram]


# ---------------------------------------------------------------- measuring


async def pages() -> dict[str, bytes]:
    """Return a page of a listing, and the same programs as they are read one by one: with tags, costs and dates."""
    sandbox = Sandbox(PAGE, limits=None)
    async with in_process_client(sandbox.app) as http:
        form = {
            "grant_type": "client_credentials",
            "client_id": sandbox.client_id,
            "client_secret": sandbox.client_secret,
        }
        identity = await http.post("http://localhost/identity/oauth/token", data=form)
        headers = {"Authorization": f"Bearer {identity.json()['access_token']}"}
        asset = "http://localhost/rest/asset/v1"
        listing = await http.get(f"{asset}/programs.json?maxReturn={PAGE}", headers=headers)
        single = [
            (await http.get(f"{asset}/program/{row['id']}.json", headers=headers)).json()["result"][0]
            for row in listing.json()["result"]
        ]
    whole = json.dumps({"success": True, "result": single}, ensure_ascii=False, separators=(",", ":"))
    return {"listed": listing.content, "read one by one, with tags": whole.encode()}


def rivals(page: bytes) -> dict[str, Callable[[], object]]:
    """Return all ways to read that page."""
    converter, decoder = plain_converter(), msgspec.json.Decoder(StructAnswer)
    ways: dict[str, Callable[[], list[Any]]] = {
        "msgspec.Struct": lambda: decoder.decode(page.replace(b'Z+0000"', b'Z"')).result,
        "json.loads, dicts": lambda: list(json.loads(page)["result"]),
        "plain cattrs, attrs": lambda: converter.structure(json.loads(page)["result"], list[PlainProgram]),
        "ours, records.read_all": lambda: records.read_all(Program, json.loads(page)["result"]),
    }
    for name, way in ways.items():
        programs = way()
        assert len(programs) == PAGE, name
        if name != "json.loads, dicts":
            assert isinstance(programs[0].updated_at, datetime), name
    return {name: lambda way=way: [way() for _ in range(REPEAT)] for name, way in ways.items()}  # type: ignore[misc]


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--rounds", type=int, default=31)
    given = arguments.parse_args()
    for what, page in asyncio.run(pages()).items():
        taken = cpu_seconds(rivals(page), rounds=given.rounds)
        ours = taken["ours, records.read_all"]
        print_table(
            f"{PAGE} programs, {what}: {len(page) / 1024:.0f} KiB to records",
            ["reader", "records/s", "ms a page", "x ours"],
            [
                [name, f"{PAGE * REPEAT / seconds:,.0f}", f"{1000 * seconds / REPEAT:.2f}", f"{ours / seconds:.2f}"]
                for name, seconds in taken.items()
            ],
        )


if __name__ == "__main__":
    main()
