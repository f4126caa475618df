"""How Sphinx makes the site of these documents: `python dev.py docs`."""

from datatools_audit import __version__

project = "DataTools Audit"
copyright = "the maintainers of DataTools Audit"  # noqa: A001 -- Sphinx's name
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["site"]

html_theme = "furo"
pygments_dark_style = "github-dark"  # one that underlines nothing, as if it led somewhere
html_title = "DataTools Audit"
html_static_path = ["_static"]
html_js_files = ["copy.js"]
html_css_files = ["copy.css"]
html_copy_source = False
html_show_sourcelink = False
html_use_index = True

myst_enable_extensions = ["deflist"]
myst_heading_anchors = 3
nitpicky = False

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_class_signature = "mixed"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_custom_sections = ["Threads", "Source"]
