"""Sphinx's settings. `./course site` runs it on a copy of the texts; see docs/site.md."""

import tomllib
from importlib import import_module

from course_utils import config, paths
from course_utils.site.extension import mermaid_script

project = config.course().title
with (paths.ROOT / "pyproject.toml").open("rb") as file:
    release = tomllib.load(file)["project"]["version"]
html_title = f"{project} {release}"
html_show_copyright = False
html_copy_source = False
html_use_index = False  # the search finds names
html_domain_indices = False

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "course_utils.site.extension",
]

# Notebooks come with their outputs, and the pages load nothing from another host.
nb_execution_mode = "off"
nb_ipywidgets_js = {}
html_math_renderer = "mathml"
myst_enable_extensions = ["dollarmath"]
myst_fence_as_directive = ["mermaid"]
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]  # a notebook may go from ## of one cell to #### of the next

# --- the packages, from their docstrings
default_role = "code"
autodoc_typehints_format = "short"
python_maximum_signature_line_length = 88
napoleon_numpy_docstring = False
napoleon_use_ivar = True  # an attribute that is a property as well is described once
nitpick_ignore_regex = [("py:.*", ".*")]  # types of other projects have no page here
# autodoc lists what a module has; these look their names up on first use.
for name in (
    "course_utils",
    "course_utils.automl",
    "course_utils.features",
    "course_utils.registry",
):
    module = import_module(name)
    for each in module.__all__:
        setattr(module, each, getattr(module, each))

# --- how it looks
html_theme = "furo"
pygments_dark_style = "a11y-high-contrast-dark"  # beside the light one that Furo has
html_static_path = ["static", str(mermaid_script())]
html_css_files = ["course.css"]
html_theme_options = {
    "light_css_variables": {"course-drawing-filter": "none"},
    # As JupyterLab's dark theme does (course_utils/figures.py)
    "dark_css_variables": {"course-drawing-filter": "invert(.93) hue-rotate(180deg)"},
}
