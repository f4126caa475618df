"""Kinds of widgets, as records name them, by what a person does at them."""

from __future__ import annotations

ONE_OF = frozenset({"radio", "selectbox", "select_slider", "pills", "segmented_control"})
"""A person chooses an option."""
CHOICES = ONE_OF | {
    *("checkbox", "toggle", "multiselect", "feedback", "slider", "pagination", "color_picker")
}
"""A person sets a value of those that the app offers."""
TYPED = frozenset(
    {"text_input", "text_area", "number_input", "date_input", "time_input", "datetime_input"}
)
"""A person types the value."""
FILES = frozenset({"file_uploader", "camera_input", "audio_input"})
"""A person hands over files and nothing else."""
