"""Outcomes about what was selected: redundancy.

The words after `Then` are a form; `planspec.vocabulary` says which subject has which setting.
"""

from collections.abc import Callable

from pytest_bdd import then

from planspec import Judgement
from planspec.features.form import form
from planspec.judgements.generic.selections import Selection
from planspec.vocabulary import Inputs, judged

Uphold = Callable[[Judgement], None]


@then(form("NAT gateways must cover each of its Availability Zones"))
def nat_gateways_must_cover_each_of_availability_zones(
    selection: Selection, run: Inputs, uphold: Uphold
) -> None:
    """If the plan makes NAT gateways, there is one in each zone of the service."""
    uphold(judged(selection, run, "NAT gateways must cover each of its Availability Zones"))
