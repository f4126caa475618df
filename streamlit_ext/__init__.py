"""The flight recorder in Streamlit: decorators, hooks and the Diagnostics page."""

from typing import TYPE_CHECKING

from datatools_audit._later import later
from streamlit_ext.action import audit_action
from streamlit_ext.codes import support_code
from streamlit_ext.hooks.errors import on_script_error
from streamlit_ext.instrumentation import HookStatus, Instrumentation, instrument
from streamlit_ext.page import audited_page

if TYPE_CHECKING:
    from streamlit_ext.diagnostics.view import diagnostics_page
    from streamlit_ext.fingerprinting import fingerprint
    from streamlit_ext.report import report_problem
else:
    __getattr__ = later(
        __name__,
        {
            "diagnostics_page": f"{__name__}.diagnostics.view",
            "fingerprint": f"{__name__}.fingerprinting",
            "report_problem": f"{__name__}.report",
        },
    )

__all__ = [
    "HookStatus",
    "Instrumentation",
    "audit_action",
    "audited_page",
    "diagnostics_page",
    "fingerprint",
    "instrument",
    "on_script_error",
    "report_problem",
    "support_code",
]
