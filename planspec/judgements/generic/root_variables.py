"""Which value has a variable of the root module, and is a requirement only about some of its values?"""

from planspec.errors import FeatureError, UnknownName
from planspec.judgements.generic.relations import one_of
from planspec.judgements.generic.resources import texts
from planspec.judgements.generic.selections import Selection
from planspec.plan import Plan, Value
from planspec.syntax import near_name


def given(plan: Plan, name: str) -> Value | None:
    """Return the value that a variable was given; None if the plan does not tell.

    Raises UnknownName for a name of which one in the plan is a slip away.
    """
    found = plan.variables.get(name)
    declared = plan.configuration.root_module.variables
    if found is None and name not in declared:
        near = near_name(name, {*plan.variables, *declared})
        if near:
            raise UnknownName(f'variable "{name}": not in this plan; did you mean "{near}"?')
    written = plan.configuration.root_module.variable(name)
    if found is None or written is None or written.sensitive is not True:
        return found
    return found.under(name, sensitive=True).get(name)


def keep_only_if(selection: Selection, name: str, how: str, listed: str) -> Selection:
    """Keep all where the variable has such a value, and none where it has not.

    `how` is "is", "is not", "is one of" or "is not one of". Where the plan does not tell the value, all
    are kept as unsure: none of them violates anything for sure.
    """
    values = texts(listed)
    if len(values) > 1 and not how.endswith("one of"):
        raise FeatureError(f'"{listed}" is a list; write `{how} one of "{listed}"`')
    place = given(selection.plan, name)
    answer = one_of(values)(place) if place is not None else None
    if answer is not None and "not" in how:
        answer = not answer
    text = f"{selection.text} where variable {name} {how} {listed}"
    if answer is False:
        return selection._replace(resources=(), considered=(), text=text, applies=False)
    if answer:
        return selection._replace(text=text)
    unsure = selection.unsure.union(each.address for each in selection.resources)
    return selection._replace(text=text, unsure=unsure, applies=selection.applies and None)
