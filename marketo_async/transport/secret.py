"""A text that nothing prints by accident."""

from __future__ import annotations

import attrs


@attrs.frozen(repr=False)
class Secret:
    """A client secret or an access token: a log or a traceback that shows variables shows `Secret(***)`.

    Attributes:
        text: The secret itself; kept in no variable of its own.
    """

    text: str

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing in it."""
        # None comes of `os.environ.get`.
        return not self.text or not self.text.strip()

    @property
    def is_one_line(self) -> bool:
        """Whether it is printable; the surrogates that `os.environ` makes of bytes that are not UTF-8 are not."""
        return self.text.isprintable()

    def __repr__(self) -> str:
        return "Secret(***)"
