"""For tests of output: programs of any content, and a target in memory to write them to."""

from __future__ import annotations

from hypothesis import strategies as st

from marketo_async.records import Cost, Program, Tag


class Bytes:
    """A target in memory."""

    name = "memory"
    appears_whole = False

    def __init__(self) -> None:
        self.data = b""

    @property
    def written(self) -> int:
        return len(self.data)

    @written.setter
    def written(self, value: int) -> None:
        raise AssertionError(value)

    def write(self, data: bytes) -> None:
        self.data += data


ROW: dict[str, object] = {
    "id": 1107,
    "name": 'Say "hi", twice\r\nor more',
    "description": "",
    "createdAt": "2015-05-21T22:45:13Z+0000",
    "updatedAt": "2015-05-22T22:45:13Z+0000",
    "url": "https://app-abc.example/#PG1107A1",
    "type": "Default",
    "channel": "Blog",
    "folder": {"type": "Folder", "value": 35, "folderName": "Übersee"},
    "status": "",
    "workspace": "Default",
    "headStart": False,
    "tags": [{"tagType": "Region", "tagValue": "EMEA, APAC"}],
    "costs": [{"startDate": "2015-01-01", "cost": 2000, "note": ""}],
    "surprise": {"a": [1, None]},
}

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=30)
AWKWARD = st.sampled_from(
    ["\u2028", "\x85", "\r", "\n", "\0", '"', '""', ",", "\ufeff", "\x1a", " a ", "\ud83d", "null", "\\n"]
)
TEXT = st.lists(AWKWARD | ANY_TEXT, max_size=4).map("".join)
PROGRAMS = st.builds(
    Program,
    id=st.integers(1, 2**53),
    name=TEXT,
    type=TEXT,
    channel=TEXT,
    description=st.none() | TEXT,
    tags=st.none() | st.lists(st.builds(Tag, type=TEXT, value=TEXT), max_size=2).map(tuple),
    costs=st.none() | st.lists(st.builds(Cost, start_date=st.dates(), cost=st.integers(0, 9)), max_size=2).map(tuple),
    extra=st.dictionaries(st.text("xyz", min_size=1), st.none() | TEXT, max_size=2),
)


def printable(text: str) -> str:
    return text.encode(errors="backslashreplace").decode()
