"""marketorestpython's client as its check holds it in its hands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marketorestpython.client import MarketoClient  # type: ignore[import-not-found]  # only in that session's environment

if TYPE_CHECKING:
    from marketo_async.sandbox import Sandbox


class Given:
    """A client that has not logged in yet, and the sandbox it calls."""

    def __init__(self, sandbox: Sandbox, url: str, *, client_secret: str = "") -> None:
        self.sandbox = sandbox
        self.url = url
        secret = client_secret or sandbox.client_secret
        self._client: Any = MarketoClient(sandbox.munchkin_id, sandbox.client_id, secret)
        self._client.host = url

    def call(self, method: str, **arguments: object) -> Any:
        """Call a method as that client's manual says."""
        return self._client.execute(method=method, **arguments)

    def one(self, method: str, **arguments: object) -> Any:
        """Call a method that returns one row."""
        (row,) = self.call(method, **arguments)
        return row

    def complaint(self, method: str, **arguments: object) -> Exception:
        """Call a method that fails, and return what it raises."""
        try:
            self.call(method, **arguments)
        except Exception as error:  # noqa: BLE001 - the client raises nothing more special
            return error
        raise AssertionError(f"{method} was not refused")

    def refused(self, code: str, method: str, **arguments: object) -> None:
        """Call a method that Marketo refuses with that code."""
        complaint = self.complaint(method, **arguments)
        assert complaint.args[0]["code"] == code, complaint

    def found_nothing(self, method: str, **arguments: object) -> None:
        """Call a method that finds nothing: the client stumbles over the result that Marketo leaves out."""
        complaint = self.complaint(method, **arguments)
        assert isinstance(complaint, KeyError), complaint
        assert complaint.args == ("result",)

    def folder(self, name: str) -> int:
        """Make a folder for programs and return its id."""
        root = self.one("get_folder_by_name", name="Marketing Activities", type="Folder")
        below = self.call("get_folder_contents", id=root["id"], type="Folder")
        made = self.one("create_folder", name=name, parentId=below[0]["id"], parentType="Folder")
        folder_id: int = made["id"]
        return folder_id
