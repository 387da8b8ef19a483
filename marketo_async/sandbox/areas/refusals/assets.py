"""Folders, programs and tokens."""

from __future__ import annotations

from marketo_async.sandbox.exchange import Refusal

# ---------------------------------------------------------------- folders


def parent_not_found() -> Refusal:
    """The folder in which something is to be created does not exist (*seen*)."""
    return Refusal("710", "Parent Folder Not Found")


def folder_not_found(folder_id: int) -> Refusal:
    """The folder to change, or to keep a token, does not exist (*seen*)."""
    return Refusal("702", f"{folder_id} Folder not found")


def wrong_folder(asset: str) -> Refusal:
    """Nothing of this kind can live in that folder or program (*seen* with "email")."""
    return Refusal("711", f"Invalid folder type for {asset}")


def unknown_workspace() -> Refusal:
    """Folders of a workspace that does not exist (*seen*)."""
    return Refusal("611", "Unable to get folder")


def name_taken(asset: str) -> Refusal:
    """The name is in use where it must be unique (*seen* for static lists and e-mails)."""
    return Refusal("709", f"{asset} with the same name already exists")


def system_folder() -> Refusal:
    """Folders that Marketo made itself cannot be changed or deleted."""
    return Refusal("709", "System folder cannot be updated or deleted")


def folder_not_empty() -> Refusal:
    """Only an empty folder can be deleted."""
    return Refusal("709", "Folder is not empty and cannot be deleted")


def program_is_no_folder() -> Refusal:
    """Programs are read as folders, but changed as programs."""
    return Refusal("709", "Programs cannot be updated or deleted as folders")


# ---------------------------------------------------------------- programs


def program_not_found() -> Refusal:
    """The program to change does not exist."""
    return Refusal("702", "Program not found")


def channel_not_found(name: str) -> Refusal:
    """There is no such channel."""
    return Refusal("709", f"Channel '{name}' not found")


def wrong_channel(name: str, program_type: str) -> Refusal:
    """The channel exists, but for programs of another type."""
    return Refusal("709", f"Channel '{name}' is not applicable to program type '{program_type}'")


def tag_type_not_found(name: str) -> Refusal:
    """There is no such tag type."""
    return Refusal("709", f"Tag type '{name}' not found")


def wrong_tag_type(name: str, program_type: str) -> Refusal:
    """The tag type exists, but for programs of another type."""
    return Refusal("709", f"Tag type '{name}' is not applicable to program type '{program_type}'")


def tag_value_not_allowed(name: str, value: str) -> Refusal:
    """The value is not among those set for the tag type."""
    return Refusal("709", f"Invalid value '{value}' for tag type '{name}'")


def tag_required(name: str) -> Refusal:
    """A tag that every program of the type must carry is missing."""
    return Refusal("709", f"Required tag '{name}' is missing")


def tag_not_deletable(name: str) -> Refusal:
    """A required tag cannot be taken off a program."""
    return Refusal("709", f"Required tag '{name}' cannot be deleted")


def tag_not_found(name: str) -> Refusal:
    """The program does not carry the tag that is to be deleted."""
    return Refusal("702", f"Tag '{name}' not found")


def cannot_approve() -> Refusal:
    """Not an e-mail program, or not ready, or approved already (*seen*)."""
    return Refusal("709", "Unable to approve program")


def cannot_unapprove() -> Refusal:
    """Not an e-mail program, or not approved, or already run."""
    return Refusal("709", "Unable to unapprove program")


def cannot_clone() -> Refusal:
    """The target folder is in another workspace (text *seen*, then with 611)."""
    return Refusal("709", "Unable to clone program")


def unsupported_assets(assets: str) -> Refusal:
    """The program holds assets that cannot be cloned (*seen*)."""
    return Refusal("709", f"The following assets are unsupported:{assets}")


def cannot_delete_program() -> Refusal:
    """The program is approved, or something in it is used elsewhere (*seen*)."""
    return Refusal("709", "Cannot delete program. The assets are in use elsewhere or not deletable")


def in_shared_folder() -> Refusal:
    """The program lives in a folder shared between workspaces (text *seen*, its code not)."""
    return Refusal(
        "709",
        "Target program is in a shared folder and cannot be deleted. "
        "The folder must be unshared before attempting deletion.",
    )


# ---------------------------------------------------------------- tokens


def token_not_creatable(token_type: str) -> Refusal:
    """A type of token that can be read but not made through the API."""
    return Refusal("709", f"Tokens of type '{token_type}' cannot be created")


def token_not_found(name: str) -> Refusal:
    """The folder has no token of that name and type."""
    return Refusal("702", f"Token '{name}' not found")
