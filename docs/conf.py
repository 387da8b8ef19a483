"""How the documentation is built: `nox -s docs`."""

import sys
from importlib.metadata import version as version_of
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "extensions"))

project = "marketo_async"
author = "The marketo_async authors"
release = version_of("marketo-async")
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "generated",
    "llms",
    "completeness",
]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "marketo_async"
html_copy_source = False
html_show_copyright = False
default_role = "code"  # docstrings are written for editors, where one backtick is enough
html_static_path = ["_static"]
html_css_files = ["site.css"]
myst_heading_anchors = 4
myst_enable_extensions = ["colon_fence", "deflist"]
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "inherited-members": "Exception,object"}
python_maximum_signature_line_length = 100
napoleon_google_docstring = True
napoleon_numpy_docstring = False
# Attributes stand in the class docstring and, for fields of records, under the field: the latter are the ones to show.
napoleon_use_ivar = True
suppress_warnings = ["toc.empty_glob", "ref.python"]  # several records have a field of one name, such as date
llms_summary = (
    "The asyncio client for the Adobe Marketo Engage REST API: typed, keeps Marketo's limits, loses no record of a "
    "listing, repeats no write, and brings a Marketo of its own to test against. Python 3.11 or newer."
)
