"""The steps as an ordered list in HTML; whatever comes from the log is escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datatools_audit.reading.steps import clock
from datatools_audit.reading.wording import count
from datatools_audit.record.levels import ERRORS
from streamlit_ext.diagnostics.widgets import escaped, local

if TYPE_CHECKING:
    from collections.abc import Iterable

    from datatools_audit.reading.steps import Step

_LONG_GAP_SECONDS = 60.0
_INDENT_EM = 1.5
_TIMES = "\N{MULTIPLICATION SIGN}"
_DEEPEST = 8
_MOST_CODES = 5
STYLE = """<style>
ol.audit-steps { list-style: none; margin: 0; padding: 0; line-height: 1.6; }
ol.audit-steps > li { display: grid; grid-template-columns: 3em 5.5em 1fr; padding: .15em 0; }
ol.audit-steps .number, ol.audit-steps time, ol.audit-steps .quiet { opacity: .75; }
ol.audit-steps .number { text-align: right; padding-right: .8em; }
ol.audit-steps .what { overflow-wrap: anywhere; }
ol.audit-steps b.quiet { white-space: nowrap; }
ol.audit-steps .bad { border-left: .25em solid #d93025; padding-left: .5em; }
ol.audit-steps .gap { grid-column: 3; opacity: .75; font-style: italic; }
ol.audit-steps pre { overflow-x: auto; white-space: pre-wrap; font-size: .85em; margin: .4em 0; }
@media (max-width: 40em) { ol.audit-steps > li { grid-template-columns: 2.2em 5em 1fr; } }
</style>"""


def as_html(steps: Iterable[Step], *, opened: int = 0) -> str:
    """Return the list with its style. Each step is an item: number, clock time, words.

    Args:
        steps: They. Where they are of several days the date stands above the first of each.
        opened: The number of the step whose traceback is open.
    """
    told = list(steps)
    days = [_day(step) for step in told]
    items = []
    for place, step in enumerate(told):
        if len(set(days)) > 1 and days[place] and days[place] != days[place - 1 if place else -1]:
            items.append(f'<li><span class="gap">{escaped(days[place])}</span></li>')
        items.append(_item(step, is_open=step.number == opened))
    return f'{STYLE}<ol class="audit-steps">{"".join(items)}</ol>'


def _day(step: Step) -> str:
    moment = local(step.ts)
    return moment.date().isoformat() if moment is not None else ""


def _item(step: Step, *, is_open: bool) -> str:
    indent = min(step.depth, _DEEPEST) * _INDENT_EM
    words = " ".join(
        filter(
            None,
            [
                escaped(step.verb),
                f"<b>{escaped(step.subject)}</b>" if step.subject else "",
            ],
        )
    )
    rest = escaped(step.rest)
    times = f' <b class="quiet">{_TIMES}{step.times}</b>' if step.times > 1 else ""
    codes = step.codes[-_MOST_CODES:] or filter(None, [step.code])
    code = "".join(f' <b class="quiet">{escaped(each)}</b>' for each in codes)
    text = f"{words}{times}{rest}{code}"
    if step.traceback:
        text = (
            f"<details{' open' if is_open else ''}><summary>{text}</summary>"
            f"<pre tabindex='0'>{escaped(step.traceback)}</pre></details>"
        )
    bad = " bad" if step.level in ERRORS else ""
    return (
        f"<li>{_gap(step)}"
        f'<span class="number">{step.number}</span><time>{escaped(clock(step.ts))}</time>'
        f'<div class="what{bad}" style="margin-left:{indent}em">{text}</div></li>'
    )


def _gap(step: Step) -> str:
    if step.gap_seconds < _LONG_GAP_SECONDS:
        return ""
    return f'<span class="gap">{escaped(gap_text(step.gap_seconds))} later</span>'


def gap_text(seconds: float) -> str:
    """Return a length of time as a person says it."""
    if seconds < 59.5:
        return count(round(seconds), "second")
    minutes = seconds / 60
    return count(round(minutes), "minute") if minutes < 90 else f"{minutes / 60:.1f} hours"
