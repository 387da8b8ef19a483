"""The words of every refusal of these areas, in one table so that a wording can be corrected in one place.

Texts marked *seen* are Marketo's own, from its documentation or from recorded traffic. The others are this sandbox's
best guess at texts that nobody has published; only their codes are to be relied on.
"""

from __future__ import annotations

import json

from marketo_async.sandbox.exchange import Refusal

# ---------------------------------------------------------------- arguments


def blank(field: str) -> Refusal:
    """A required form field of the Asset API is missing or blank (*seen*)."""
    return Refusal("701", f"{field} cannot be blank")


def too_long(field: str, limit: int) -> Refusal:
    """A text is longer than `limit` characters (*seen* for program names)."""
    return Refusal("701", f"{field} cannot exceed more than {limit} characters")


def missing(parameter: str) -> Refusal:
    """A required query parameter is missing or blank (*seen*)."""
    return Refusal("1002", f"Missing value for required parameter '{parameter}'")


def wrong_type(value: object, required: str) -> Refusal:
    """A value cannot be read as what it must be (*seen* for Integer and FolderVariantType)."""
    return Refusal("1001", f"Invalid value '{value}'. Required of type '{required}'")


def bad_request() -> Refusal:
    """Arguments that are well formed and yet make no sense (*seen*)."""
    return Refusal("1003", "Invalid request. Please check and try again.")


def bad_json() -> Refusal:
    """A form field that must hold JSON does not (code *seen*)."""
    return Refusal("609", "Invalid JSON")


def bad_date(field: str, value: str) -> Refusal:
    """A date or date-time cannot be read."""
    return Refusal("704", f"Invalid date format for {field}: '{value}'")


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


# ---------------------------------------------------------------- leads


def lead_not_found(lead_id: int) -> Refusal:
    """There is no such lead (*seen*)."""
    return Refusal("1004", f"Lead '{lead_id}' not found")


def field_not_found(name: str) -> Refusal:
    """There is no such lead field (*seen*)."""
    return Refusal("1006", f"Field '{name}' not found")


def field_not_supported(name: str) -> Refusal:
    """Leads cannot be searched by that field (*seen*)."""
    return Refusal("1011", f"Field '{name}' not supported")


def bad_cookie(value: object) -> Refusal:
    """Not a Munchkin cookie (*seen*)."""
    return Refusal("1012", f"Invalid cookie value '{value}'")


def too_many_results() -> Refusal:
    """More than 1,000 leads match (*seen*)."""
    return Refusal("1003", "Too many results match the filter")


def too_many_values(limit: int) -> Refusal:
    """More filter values than one call may carry."""
    return Refusal("1003", f"Number of filter values exceeds the limit of {limit}")


def too_many_records(limit: int) -> Refusal:
    """More records than one call may carry (code *seen*)."""
    return Refusal("1003", f"Number of records exceeds the limit of {limit}")


def bad_batch_size(limit: int) -> Refusal:
    """A page size outside 1 to `limit`."""
    return Refusal("1003", f"Invalid value for batchSize: must be between 1 and {limit}")


def bad_page_token() -> Refusal:
    """A page token that was never issued, or for another search."""
    return Refusal("1003", "Invalid value for nextPageToken")


# ---------------------------------------------------------------- leads, written


def not_found() -> Refusal:
    """The record's lead does not exist (*seen*)."""
    return Refusal("1004", "Lead not found")


def already_exists() -> Refusal:
    """The record's lead exists, and was only to be created (*seen*)."""
    return Refusal("1005", "Lead already exists")


def several_match() -> Refusal:
    """Several leads hold the record's lookup value (*seen*)."""
    return Refusal("1007", "Multiple lead match lookup criteria")


def no_lookup_value(field: str) -> Refusal:
    """The record lacks the field by which leads are looked up (*seen*)."""
    return Refusal("1003", f"Value for lookup field '{field}' not found")


def invalid_value(field: str, value: object) -> Refusal:
    """The value is not of the field's type, or too long (*seen*)."""
    return Refusal("1003", f"Invalid value for field '{field}' and value '{_shown(value)}'")


def field_not_allowed(field: str) -> Refusal:
    """A field cannot be written: the id unless leads are only updated; one that Marketo fills (code *seen*)."""
    return Refusal("1003", f"Field '{field}' is not allowed")


def company_not_updateable() -> Refusal:
    """Fields of the company cannot be written by syncing leads (*seen*)."""
    return Refusal("1021", "Company update not allowed")


def partition_denied(name: str) -> Refusal:
    """There is no such partition, or not for this user (*seen*)."""
    return Refusal("1008", f"Access denied to partition '{name}'")


def partition_missing() -> Refusal:
    """The instance wants to be told the partition (*seen*)."""
    return Refusal("1009", "Partition name must be specified")


def partition_fixed() -> Refusal:
    """The lead lives in another partition, and must stay there (*seen*)."""
    return Refusal("1010", "Partition update not allowed")


def form_not_found() -> Refusal:
    """There is no such form (code *seen*)."""
    return Refusal("1013", "Form not found")


def form_invalid() -> Refusal:
    """What was filled in does not fit the form (*seen*)."""
    return Refusal("1003", "Form validation failed")


def merged_with_itself(lead_id: int) -> Refusal:
    """The winner of a merge is among its losers."""
    return Refusal("1003", f"Lead '{lead_id}' cannot be merged with itself")


def too_many_losers(limit: int) -> Refusal:
    """More leads than one merge takes (code *seen*)."""
    return Refusal("1080", f"Number of leads to merge exceeds the limit of {limit}")


# ---------------------------------------------------------------- fields


def too_many_fields(limit: int) -> Refusal:
    """No more fields can be made through the API."""
    return Refusal("1003", f"Number of fields created exceeds the limit of {limit}")


def field_exists(attribute: str, value: str) -> Refusal:
    """Another field has that name."""
    return Refusal("1003", f"Field with {attribute} '{value}' already exists")


def attribute_not_found(attribute: str) -> Refusal:
    """A field has no such attribute."""
    return Refusal("1003", f"Invalid attribute '{attribute}'")


def attribute_not_updateable(attribute: str, field: str) -> Refusal:
    """That attribute cannot be changed: of this field, or of any."""
    return Refusal("1003", f"Attribute '{attribute}' of field '{field}' cannot be updated")


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


# ---------------------------------------------------------------- lists and members


def not_in_list() -> Refusal:
    """The record's lead is not on the list from which it is to be taken (*seen*)."""
    return Refusal("1015", "Lead not in list")


def not_in_program() -> Refusal:
    """The record's lead is not in the program (*seen*)."""
    return Refusal("1037", "Lead not in program")


def membership_not_found() -> Refusal:
    """The record's lead has no membership to be changed (*seen*)."""
    return Refusal("1013", "Membership not found")


def already_past() -> Refusal:
    """The record's lead has the status, or a later one (*seen*)."""
    return Refusal("1037", "Lead skipped because it is already in or past this status")


def static_list_not_found() -> Refusal:
    """The Asset API knows no such static list (*seen*)."""
    return Refusal("702", "Static List not found or it has been deleted")


def list_not_found() -> Refusal:
    """The lead database knows no such static list (code *seen*)."""
    return Refusal("1013", "List not found")


def no_such_program() -> Refusal:
    """There is no program whose members could be read or written (code *seen*)."""
    return Refusal("1013", "Program not found")


def status_not_found() -> Refusal:
    """The channel of the program has no such status (*seen*)."""
    return Refusal("1025", "Program status not found")


def too_many_members(size: int, limit: int) -> Refusal:
    """A program has more members than can be searched (*seen*)."""
    return Refusal("1003", f"Total membership size: {size:,} exceeds the limit allowed {limit:,} for the filter")


def too_many_matching_members(size: int, limit: int) -> Refusal:
    """More members match than can be searched (*seen*)."""
    return Refusal("1003", f"Matching membership size: {size:,} exceeds the limit allowed ({limit:,}) for this api")


def bad_span(days: int) -> Refusal:
    """A time of change that ends before it begins, or is longer than `days`."""
    return Refusal("1003", f"Invalid value for startAt and endAt: the range must be at most {days} days")
