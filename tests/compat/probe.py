"""Says as JSON which Streamlit this is and what each hook's state is; run in its environment."""

from __future__ import annotations

import json

import streamlit

from streamlit_ext import instrument
from streamlit_ext.hooks import HOOKS


def probe() -> dict[str, object]:
    """Return the version, and of each hook whether it hears and where, or why not."""
    status = instrument().status()
    hooks = {name: (status[name].active, status[name].detail) for name in HOOKS}
    return {"version": streamlit.__version__, "hooks": hooks}


if __name__ == "__main__":
    print(json.dumps(probe()))
