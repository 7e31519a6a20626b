"""Outcomes about what was selected: monitoring.

The words after `Then` are a form; `planspec.vocabulary` says which subject has which setting.
"""

from collections.abc import Callable

from pytest_bdd import then

from planspec import Judgement
from planspec.features.form import form
from planspec.judgements.generic.selections import Selection
from planspec.vocabulary import Inputs, judged

Uphold = Callable[[Judgement], None]


@then(form("its metrics must have dimensions that AWS publishes"))
def metrics_must_have_published_dimensions(selection: Selection, run: Inputs, uphold: Uphold) -> None:
    """No panel is empty because its metric has other dimensions."""
    uphold(judged(selection, run, "its metrics must have dimensions that AWS publishes"))
