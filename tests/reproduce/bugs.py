"""The planted bugs: where each is, how a person comes upon it, and how it is mended."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd
from playwright.sync_api import Error

from tests.reproduce.visit import Visit

APPS = Path(__file__).parent / "apps"

Hangs = Literal["", "choice", "typed", "never"]


@dataclass(frozen=True)
class Bug:
    """A small app with a bug in it.

    Attributes:
        name: The app's file or folder.
        drive: What a person does until the error shows.
        error: The exception's type.
        function: Where it is raised.
        fix: A text of the source and what has to stand there instead.
        hangs: On what kind of value the error hangs that not every policy records: one of the
            app's options, something typed, something that is never recorded; or empty.
        shows: Whether the browser shows the error.
        part: The file that has the bug, in a folder of several.
    """

    name: str
    drive: Callable[[Visit], None]
    error: str
    function: str
    fix: tuple[str, str]
    hangs: Hangs = ""
    part: str = ""
    shows: bool = True

    @property
    def script(self) -> str:
        """The entry script, from the folder of the apps."""
        return f"{self.name}/app.py" if (APPS / self.name).is_dir() else f"{self.name}.py"

    @property
    def faulty(self) -> str:
        """The file with the bug, likewise."""
        return f"{self.name}/{self.part}" if self.part else self.script

    def hangs_under(self, policy: str) -> bool:
        """Tell whether the error hangs on a value that this policy does not record."""
        recorded = {"shape": (), "choices": ("choice",), "all": ("choice", "typed")}
        return bool(self.hangs) and self.hangs not in recorded[policy]


def _bad_encoding(visit: Visit) -> None:
    visit.uploads(
        ("kunden.csv", "Name,Stadt,Umsatz\nRosé,Zürich,5\nMax,Bern,7\n".encode("latin-1"))
    )


def _missing_column(visit: Visit) -> None:
    visit.uploads(("items.csv", b"item;cost;count\ntea;4.50;2\nrice;;1\nsalt;1.20;\n"))
    visit.click("Add up")


def _page_order(visit: Visit) -> None:
    visit.goes_to("Result")


def _state_lost(visit: Visit) -> None:
    visit.slides("Guests", "ArrowRight")
    visit.goes_to("summary")
    visit.click("Confirm")


def _form_combination(visit: Visit) -> None:
    visit.selects("Express", runs=False)
    visit.picks("stCheckbox", "Wrap it as a gift", runs=False)
    visit.types("A note", "For Rosa", runs=False)
    visit.click("Ask for the price")


def _empty_upload(visit: Visit) -> None:
    visit.uploads(("empty.csv", b""), runs=False)
    visit.click("Read")


def _same_name(visit: Visit) -> None:
    visit.uploads(("month.csv", b"day,sold\n1,5\n2,7\n"))
    visit.uploads(("month.csv", b"day,sold\n1,6\n2,2\n"))


def _callback_error(visit: Visit) -> None:
    visit.click("Add")
    visit.click("Remove the last")
    visit.click("Remove the last")


def _dialog_error(visit: Visit) -> None:
    visit.click("Move it")
    visit.selects("Garage")
    visit.click("Move")


def _fragment_error(visit: Visit) -> None:
    visit.picks("stCheckbox", "In grams")
    visit.slides("People", "Home")


def _nothing_chosen(visit: Visit) -> None:
    visit.does(lambda page: page.get_by_role("button", name="Remove Bern"))


def _date_range(visit: Visit) -> None:
    visit.page.get_by_test_id("stDateInputField").click()
    visit.does(lambda page: page.get_by_role("button", name="May 12, 2026"))


def _bound(visit: Visit) -> None:
    visit.types("Bill", "120")
    visit.types("People", "0")


def _sizes(visit: Visit) -> None:
    visit.slides("Size", "End")


def _chat(visit: Visit) -> None:
    for text in ("open door", "help"):
        field = visit.page.get_by_test_id("stChatInputTextArea")
        field.fill(text)
        field.press("Enter")
        visit.settle()


def _editor(visit: Visit) -> None:
    visit.page.get_by_test_id("stDataFrame").hover()
    visit.does(lambda page: page.get_by_role("button", name="Add row"))


def _tabs(visit: Visit) -> None:
    visit.page.get_by_text("Rows", exact=True).click()
    visit.slides("How many?", "ArrowRight")
    visit.page.get_by_role("tab", name="Chart").click()
    visit.picks("stRadio", "Dark")


def _dynamic_keys(visit: Visit) -> None:
    visit.click("One more")
    visit.click("One more")
    visit.selects("Milk", place=0)
    visit.selects("Cheese", place=2)


def _switch_page(visit: Visit) -> None:
    visit.picks("stButtonGroup", "Card")
    visit.click("To the checkout")


def _cached(visit: Visit) -> None:
    visit.picks("stButtonGroup", "USD")
    visit.picks("stButtonGroup", "GBP")


def _negative(visit: Visit) -> None:
    visit.types("Area", "-4")


def _counter(visit: Visit) -> None:
    for _ in range(3):
        visit.click("Next")


def _toggle(visit: Visit) -> None:
    visit.picks("stCheckbox", "Details")


def _download(visit: Visit) -> None:
    visit.click("Make it")
    visit.click("Download")
    visit.click("Archive")


def _typed_number(visit: Visit) -> None:
    visit.selects("Genf")
    visit.types("How many?", "two")
    visit.click("Order")


def _settings_json(visit: Visit) -> None:
    visit.writes("Settings", '{"size": 3,}')


def _sign_in(visit: Visit) -> None:
    visit.types("Name", "max", runs=False)
    visit.types("Password", "open", runs=False)
    visit.click("Sign in")


def _order_number(visit: Visit) -> None:
    visit.types("Number of the order", "A-1001")
    visit.types("Number of the order", "A-1002")


def _opening(visit: Visit) -> None:
    hour = visit.page.get_by_role("spinbutton", name="hour")
    hour.press("ArrowUp")
    hour.press("Enter")
    visit.settle()


def _deselected(visit: Visit) -> None:
    visit.picks("stButtonGroup", "g")
    visit.picks("stButtonGroup", "g")


def _stars(visit: Visit) -> None:
    visit.selects("LUNCH")
    visit.does(lambda page: page.get_by_test_id("stFeedbackButton").first)


def _workbook(visit: Visit) -> None:
    stream = io.BytesIO()
    frame = pd.DataFrame({"town": ["Bern", "Genf"], "people": ["many", None], "area": [51.6, 15.9]})
    frame.to_excel(stream, index=False)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    visit.uploads(("towns.xlsx", stream.getvalue()), kind=kind)
    visit.click("Sum")


def _selected_row(visit: Visit) -> None:
    visit.does(lambda page: page.get_by_test_id("stDataFrame"), at=(20, 52))


def _own_thread(visit: Visit) -> None:
    visit.click("Count")


def _late_download(visit: Visit) -> None:
    for _ in range(5):  # a click while the page is drawn anew asks for a file that is gone
        visit.page.get_by_role("button", name="Take it").click()
        visit.settle()
        if visit.has_failed():
            return


def _cell_content(visit: Visit) -> None:
    rows = "".join(f"2026-05-{day:02},8.5\n" for day in range(1, 9))
    visit.uploads(("hours.csv", f"day,hours\n{rows}2026-05-09,ill\n".encode()))


def _query_params(visit: Visit) -> None:
    visit.page.goto(f"{visit.page.url}?note=2")
    visit.settle()


def _edited_cell(visit: Visit) -> None:
    table = visit.page.get_by_test_id("stDataFrame")
    cell = visit.page.locator("textarea.gdg-input")
    for _ in range(10):  # the table takes a key only once it has noticed the click
        table.click(position={"x": 500, "y": 52})
        visit.page.keyboard.press("Enter")
        with suppress(Error):
            cell.wait_for(timeout=1_000)
            break
    cell.fill("lb")
    cell.press("Enter")
    visit.settle()


BUGS = [
    Bug(
        "bad_encoding",
        _bad_encoding,
        "UnicodeDecodeError",
        "read_table",
        ("pd.read_csv(file)", 'pd.read_csv(file, encoding="latin-1")'),
    ),
    Bug(
        "missing_column",
        _missing_column,
        "KeyError",
        "total",
        ('frame["price"]', 'frame.get("price", pd.Series([0]))'),
    ),
    Bug(
        "empty_filter",
        lambda visit: visit.picks("stRadio", "West"),
        "ZeroDivisionError",
        "mean_price",
        ("/ len(prices)", "/ (len(prices) or 1)"),
        hangs="choice",
    ),
    Bug("page_order", _page_order, "KeyError", "summary", ('["answer"]', '.get("answer", "none")')),
    Bug(
        "state_lost",
        _state_lost,
        "KeyError",
        "told",
        ('["outside"] else', '.get("outside") else'),
        part="pages/summary.py",
    ),
    Bug(
        "form_combination",
        _form_combination,
        "KeyError",
        "rate",
        ('("Express", False): 15', '("Express", False): 15, ("Express", True): 17'),
    ),
    Bug(
        "empty_upload",
        _empty_upload,
        "EmptyDataError",
        "read",
        ("pd.read_csv(file)", "pd.read_csv(file) if file.size else pd.DataFrame()"),
    ),
    Bug(
        "same_name",
        _same_name,
        "ValueError",
        "merged",
        ("keys=[file.name for", "keys=[file.file_id for"),
    ),
    Bug(
        "callback_error",
        _callback_error,
        "IndexError",
        "remove_last",
        ("lines.pop()", "lines[-1:] = []"),
    ),
    Bug(
        "dialog_error",
        _dialog_error,
        "KeyError",
        "move",
        ("SHELVES[place]", "SHELVES.get(place)"),
        hangs="choice",
    ),
    Bug(
        "fragment_error",
        _fragment_error,
        "ZeroDivisionError",
        "portion",
        ("flour / people", "flour / max(1, people)"),
        hangs="choice",
    ),
    Bug(
        "nothing_chosen",
        _nothing_chosen,
        "ValueError",
        "sunniest",
        ("max(towns, key", 'max(towns or ["Bern"], key'),
    ),
    Bug(
        "date_range",
        _date_range,
        "ValueError",
        "nights",
        ("first, last = days", "first, last = days[0], days[-1]"),
    ),
    Bug(
        "bound",
        _bound,
        "ZeroDivisionError",
        "share",
        ("bill / people", "bill / (people or 1)"),
        hangs="typed",
    ),
    Bug(
        "sizes",
        _sizes,
        "KeyError",
        "in_stock",
        ("STOCK[size]", "STOCK.get(size, 0)"),
        hangs="choice",
    ),
    Bug(
        "chat",
        _chat,
        "ValueError",
        "answer",
        ('text.split(" ", 1)', 'f"{text} ".split(" ", 1)'),
        hangs="typed",
    ),
    Bug(
        "editor",
        _editor,
        "TypeError",
        "lines",
        (
            'zip(order["item"], order["count"], strict=True)',
            'zip(order["item"], order["count"].fillna(0), strict=True)',
        ),
    ),
    Bug("tabs", _tabs, "KeyError", "color_of", ("COLORS[theme]", "COLORS.get(theme)")),
    Bug(
        "dynamic_keys",
        _dynamic_keys,
        "KeyError",
        "price",
        ("PRICES[item]", "PRICES.get(item)"),
        hangs="choice",
    ),
    Bug(
        "switch_page",
        _switch_page,
        "IndexError",
        "first_item",
        ('["cart"][0]', '["cart"]'),
        hangs="choice",
        part="parts/checkout.py",
    ),
    Bug(
        "cached",
        _cached,
        "KeyError",
        "rate",
        ("RATES[currency.upper()]", "RATES.get(currency.upper(), 0)"),
        hangs="choice",
    ),
    Bug(
        "negative",
        _negative,
        "ValueError",
        "side",
        ("math.sqrt(area)", "math.sqrt(abs(area))"),
        hangs="typed",
    ),
    Bug(
        "counter",
        _counter,
        "IndexError",
        "question",
        ("QUESTIONS[number]", "QUESTIONS[number % 3]"),
    ),
    Bug(
        "toggle",
        _toggle,
        "AttributeError",
        "address",
        ('member["address"].strip()', 'str(member["address"])'),
    ),
    Bug(
        "download",
        _download,
        "KeyError",
        "archive",
        ('["report"].upper()', '.get("report", "").upper()'),
    ),
    Bug(
        "typed_number",
        _typed_number,
        "ValueError",
        "parse_count",
        ("int(text)", "int(text) if text.isdigit() else 0"),
        hangs="typed",
    ),
    Bug(
        "settings_json",
        _settings_json,
        "JSONDecodeError",
        "loaded",
        ("return json.loads(text)", "return {}"),
        hangs="typed",
    ),
    Bug(
        "sign_in",
        _sign_in,
        "KeyError",
        "check",
        ("PEOPLE[name]", "PEOPLE.get(name)"),
        hangs="typed",
    ),
    Bug(
        "order_number",
        _order_number,
        "AttributeError",
        "customer",
        ('["customer"].upper()', '["customer"] or "nobody"'),
        hangs="typed",
    ),
    Bug(
        "opening",
        _opening,
        "KeyError",
        "part_of_day",
        ("HOURS[moment.hour]", "HOURS.get(moment.hour)"),
        hangs="typed",
    ),
    Bug(
        "deselected",
        _deselected,
        "KeyError",
        "in_unit",
        ("FACTORS[unit]", "FACTORS.get(unit, 1.0)"),
    ),
    Bug(
        "stars",
        _stars,
        "ZeroDivisionError",
        "drawn",
        ("60 // stars", "60 // (stars + 1)"),
        hangs="choice",
    ),
    Bug("workbook", _workbook, "ValueError", "summed", (".astype(float).sum()", ".count()")),
    Bug("selected_row", _selected_row, "KeyError", "boss", ("[row + 3]", "[row]")),
    Bug(
        "own_thread",
        _own_thread,
        "ZeroDivisionError",
        "count",
        ('words.count("tea")', '(words.count("tea") or 1)'),
        shows=False,
    ),
]

BEYOND = [
    Bug(
        "query_params",
        _query_params,
        "KeyError",
        "note",
        ("NOTES[number]", "NOTES.get(number)"),
        hangs="never",
    ),
    Bug(
        "cell_content",
        _cell_content,
        "ValueError",
        "hours",
        ("float(row[1])", "len(row[1])"),
        hangs="never",
    ),
    Bug(
        "edited_cell",
        _edited_cell,
        "KeyError",
        "factors",
        ("FACTORS[unit]", "FACTORS.get(unit)"),
        hangs="never",
    ),
    Bug(
        "late_download",
        _late_download,
        "IndexError",
        "made",
        ("ROWS[0]", '",".join(ROWS)'),
        hangs="never",
        shows=False,
    ),
]
"""Those of which the log does not have enough, or AppTest cannot do it: the misses, by name."""
