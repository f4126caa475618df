"""The flight recorder in Streamlit: decorators, hooks and the Diagnostics page."""

from streamlit_ext.action import audit_action
from streamlit_ext.codes import support_code
from streamlit_ext.diagnostics.view import diagnostics_page
from streamlit_ext.fingerprint import fingerprint
from streamlit_ext.hooks.errors import on_script_error
from streamlit_ext.instrumentation import HookStatus, Instrumentation, instrument
from streamlit_ext.page import audited_page

__all__ = [
    "HookStatus",
    "Instrumentation",
    "audit_action",
    "audited_page",
    "diagnostics_page",
    "fingerprint",
    "instrument",
    "on_script_error",
    "support_code",
]
