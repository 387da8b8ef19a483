"""How the documentation is built: `nox -s docs`."""

from importlib.metadata import version as version_of

project = "marketo_async"
author = "The marketo_async authors"
release = version_of("marketo-async")
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "marketo_async"
myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_default_options = {"members": True, "show-inheritance": True, "inherited-members": "Exception,object"}
napoleon_google_docstring = True
napoleon_numpy_docstring = False
# Attributes stand in the class docstring and, for fields of records, under the field: the latter are the ones to show.
napoleon_use_ivar = True
suppress_warnings = ["ref.python", "autodoc.mocked_object", "misc.highlighting_failure"]
