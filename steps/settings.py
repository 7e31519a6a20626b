"""Outcomes about what was selected: settings, parts and amounts by name.

The words after `Then` are a form; `planspec.vocabulary` says which subject has which setting.
"""

from collections.abc import Callable

from pytest_bdd import then

from planspec import Judgement
from planspec.features.form import form
from planspec.judgements.generic.selections import Selection
from planspec.vocabulary import Inputs, judged

Uphold = Callable[[Judgement], None]


@then(form("<setting> must be enabled"))
def must_be_enabled(selection: Selection, setting: str, run: Inputs, uphold: Uphold) -> None:
    """The setting of each is on."""
    uphold(judged(selection, run, "<setting> must be enabled", setting=setting))


@then(form("<setting> must be disabled"))
def must_be_disabled(selection: Selection, setting: str, run: Inputs, uphold: Uphold) -> None:
    """The setting of each is off."""
    uphold(judged(selection, run, "<setting> must be disabled", setting=setting))


@then(form("<setting> must be at least <number> <unit>"))
def must_be_at_least(
    selection: Selection, setting: str, number: str, unit: str | None, run: Inputs, uphold: Uphold
) -> None:
    """The setting of each is not below the number."""
    uphold(
        judged(
            selection,
            run,
            "<setting> must be at least <number> <unit>",
            setting=setting,
            number=number,
            unit=unit,
        )
    )


@then(form("<setting> must be at most <number> <unit>"))
def must_be_at_most(
    selection: Selection, setting: str, number: str, unit: str | None, run: Inputs, uphold: Uphold
) -> None:
    """The setting of each is not above the number."""
    uphold(
        judged(
            selection,
            run,
            "<setting> must be at most <number> <unit>",
            setting=setting,
            number=number,
            unit=unit,
        )
    )


@then(form("<setting> must be between <number> and <most> <unit>"))
def must_be_between_and(  # noqa: PLR0917 (one for each blank)
    selection: Selection,
    setting: str,
    number: str,
    most: str,
    unit: str | None,
    run: Inputs,
    uphold: Uphold,
) -> None:
    """The setting of each is not below the first number, and not above the second."""
    uphold(
        judged(
            selection,
            run,
            "<setting> must be between <number> and <most> <unit>",
            setting=setting,
            number=number,
            most=most,
            unit=unit,
        )
    )


@then(form('<setting> must be "<value>"'))
def must_be(selection: Selection, setting: str, value: str, run: Inputs, uphold: Uphold) -> None:
    """The setting of each has this value."""
    uphold(judged(selection, run, '<setting> must be "<value>"', setting=setting, value=value))


@then(form('<setting> must be one of "<values>"'))
def must_be_one_of(selection: Selection, setting: str, values: str, run: Inputs, uphold: Uphold) -> None:
    """The setting of each has one of the values of a list: "a, b, c"."""
    uphold(judged(selection, run, '<setting> must be one of "<values>"', setting=setting, values=values))


@then(form("it must have <part>"))
def must_have(selection: Selection, part: str, run: Inputs, uphold: Uphold) -> None:
    """Each has it."""
    uphold(judged(selection, run, "it must have <part>", part=part))


@then(form("<amount> must not exceed the approved maximum"))
def must_not_exceed_approved_maximum(
    selection: Selection, amount: str, run: Inputs, uphold: Uphold
) -> None:
    """The amount is within what the policies state."""
    uphold(judged(selection, run, "<amount> must not exceed the approved maximum", amount=amount))


@then(form("its <setting> must be on the approved list"))
def must_be_on_approved_list(selection: Selection, setting: str, run: Inputs, uphold: Uphold) -> None:
    """The setting of each is one that the policies list."""
    uphold(judged(selection, run, "its <setting> must be on the approved list", setting=setting))


@then(form("its <setting> must not exceed the declared demand"))
def must_not_exceed_declared_demand(
    selection: Selection, setting: str, run: Inputs, uphold: Uphold
) -> None:
    """The setting of each is no more than the demand of limits.toml takes."""
    uphold(judged(selection, run, "its <setting> must not exceed the declared demand", setting=setting))


@then(form("its <setting> must be supported by AWS"))
def must_be_supported_by_aws(selection: Selection, setting: str, run: Inputs, uphold: Uphold) -> None:
    """The setting of each is one that AWS offers."""
    uphold(judged(selection, run, "its <setting> must be supported by AWS", setting=setting))


@then(form("<place> must not contain a secret"))
def must_not_contain_secret(selection: Selection, place: str, run: Inputs, uphold: Uphold) -> None:
    """There is no secret in that place of each."""
    uphold(judged(selection, run, "<place> must not contain a secret", place=place))


@then(form('CloudWatch alarms must watch "<metrics>"'))
def cloudwatch_alarms_must_watch(
    selection: Selection, metrics: str, run: Inputs, uphold: Uphold
) -> None:
    """Alarms that tell somebody watch each of the metrics: "a, b, c"."""
    uphold(judged(selection, run, 'CloudWatch alarms must watch "<metrics>"', metrics=metrics))


@then(form("it must use subnets in at least <number> Availability Zones"))
def must_use_subnets_in_at_least_availability_zones(
    selection: Selection, number: str, run: Inputs, uphold: Uphold
) -> None:
    """The subnets of each lie in so many Availability Zones, or more."""
    uphold(
        judged(
            selection, run, "it must use subnets in at least <number> Availability Zones", number=number
        )
    )


@then(form('it must have event notifications for "<categories>"'))
def must_have_event_notifications_for(
    selection: Selection, categories: str, run: Inputs, uphold: Uphold
) -> None:
    """A subscription passes on the events of each, of all the categories: "a, b, c"."""
    uphold(
        judged(
            selection, run, 'it must have event notifications for "<categories>"', categories=categories
        )
    )


@then(form('a CloudWatch dashboard must show "<metric>"'))
def cloudwatch_dashboard_must_show(
    selection: Selection, metric: str, run: Inputs, uphold: Uphold
) -> None:
    """A dashboard shows the metric of each."""
    uphold(judged(selection, run, 'a CloudWatch dashboard must show "<metric>"', metric=metric))


@then(form('an alarm on "<metric>" must fire at or below <number>% of available connections'))
def alarm_on_must_fire_at_or_below_of_available_connections(
    selection: Selection, metric: str, number: str, run: Inputs, uphold: Uphold
) -> None:
    """An alarm fires at this share of the connections for the service, or before."""
    uphold(
        judged(
            selection,
            run,
            'an alarm on "<metric>" must fire at or below <number>% of available connections',
            metric=metric,
            number=number,
        )
    )


@then(form("it must log connections, disconnections, DDL and statements over <number> <unit>"))
def must_log_connections_disconnections_ddl_and_statements_over(
    selection: Selection, number: str, unit: str | None, run: Inputs, uphold: Uphold
) -> None:
    """The log of each tells who connects, who changes tables, and what takes longer."""
    uphold(
        judged(
            selection,
            run,
            "it must log connections, disconnections, DDL and statements over <number> <unit>",
            number=number,
            unit=unit,
        )
    )


@then(form("every container must have <part>"))
def every_container_must_have(selection: Selection, part: str, run: Inputs, uphold: Uphold) -> None:
    """Every container of each has it."""
    uphold(judged(selection, run, "every container must have <part>", part=part))
