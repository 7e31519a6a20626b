"""Which outputs hand out a secret, through modules, data sources and indexes?"""

from typing import Any

import pytest

from planspec import Plan, Verdict
from planspec.finding import Judgement
from planspec.judgements.generic.pseudo_resources import Part
from planspec.judgements.secrets.outputs import not_in_outputs
from planspec.plan import Entry, Value
from planspec.policies import Secrets
from tests.support.plans import (
    Sensitive,
    block,
    call,
    configuration,
    module,
    plan,
    refers,
    resource,
)

KEY = "aws_iam_access_key"
WORDS = Secrets(words=["password"], harmless_words=[])
NOTHING_TOLD = {"actions": ["create"], "before": None, "after_unknown": True}


def access_key(name: str = "api", **more: Any) -> dict[str, Any]:
    return resource(KEY, name, user="api", secret=Sensitive("x"), **more)


def judged(of: Plan) -> Judgement:
    """The judgement of the output "out"."""
    entry = Entry(type="output", name="out", address="output.out")
    return not_in_outputs(of, [Part(of, entry, Value({}))], WORDS)


def handing_out(
    *references: str, resources: list[dict[str, Any]], marked: bool = False, **root: Any
) -> Plan:
    """A plan whose output "out" is made of these references, and known after apply."""
    changes = {"out": NOTHING_TOLD | {"after_sensitive": marked}}
    written = configuration(outputs={"out": refers(*references)}, **root)
    state = root.pop("prior_state", None)
    sections = {"prior_state": state} if state else {}
    return plan(*resources, configuration=written, output_changes=changes, **sections)


@pytest.mark.parametrize(
    ("reference", "verdict"),
    [
        (f"{KEY}.api.secret", Verdict.VIOLATED),
        (f"{KEY}.api.user", Verdict.SATISFIED),
        (f"{KEY}.other.user", Verdict.SATISFIED),
        (f"{KEY}.api", Verdict.VIOLATED),
        ("path.module", Verdict.SATISFIED),
        ("terraform.workspace", Verdict.SATISFIED),
        ("var.password", Verdict.VIOLATED),
        ("var.name", Verdict.SATISFIED),
    ],
)
def test_an_attribute_that_the_provider_marks_is_a_secret(reference: str, verdict: Verdict) -> None:
    others = resource("aws_iam_user", "api", secret=Sensitive("x"))
    assert judged(handing_out(reference, resources=[access_key(), others])).verdict is verdict


@pytest.mark.parametrize("reference", ["path.root", "terraform.workspace", f"{KEY}.api.user"])
def test_what_holds_no_secret_is_none_even_where_it_is_marked(reference: str) -> None:
    assert judged(handing_out(reference, resources=[access_key()], marked=True)).findings == ()


@pytest.mark.parametrize("reference", ["local.key", "module", f"{KEY}.gone.user", "module.gone.key"])
def test_what_cannot_be_followed_leaves_a_marked_output_open(reference: str) -> None:
    marked = judged(handing_out(reference, resources=[access_key()], marked=True))
    assert marked.verdict is Verdict.UNDETERMINED
    assert judged(handing_out(reference, resources=[access_key()])).verdict is Verdict.SATISFIED


def test_an_index_is_no_attribute() -> None:
    keys = [access_key(index=index) for index in range(2)]
    found = judged(handing_out(f"{KEY}.api[0].secret", resources=keys)).findings
    assert [each.observed for each in found] == [
        f"hands out {KEY}.api.secret, which is marked as sensitive"
    ]
    assert judged(handing_out(f"{KEY}.api[0].user", resources=keys)).verdict is Verdict.SATISFIED


def test_an_index_further_in_is_part_of_the_path() -> None:
    login = [{"name": "a", "key": "x"}, {"name": "b", "key": Sensitive("x")}]
    broker = resource("aws_mq_broker", "main", user=login)
    second = judged(handing_out("aws_mq_broker.main.user[1].key", resources=[broker]))
    assert second.findings[0].observed.startswith("hands out aws_mq_broker.main.user.1.key,")
    first = judged(handing_out("aws_mq_broker.main.user[0].key", resources=[broker]))
    assert first.verdict is Verdict.SATISFIED


def test_a_data_source_that_is_read_at_apply_is_followed() -> None:
    read = resource(
        "aws_secret", "login", mode="data", actions=("read",), text=Sensitive("x"), name="login"
    )
    found = judged(handing_out("data.aws_secret.login.text", resources=[read])).findings
    assert found[0].observed == "hands out data.aws_secret.login.text, which is marked as sensitive"
    plain = judged(handing_out("data.aws_secret.login.name", resources=[read], marked=True))
    assert plain.verdict is Verdict.SATISFIED


def test_a_data_source_that_was_read_is_followed() -> None:
    entries = [
        {
            "address": f"data.{kind}.{name}",
            "mode": "data",
            "type": kind,
            "name": name,
            "provider_name": "registry.terraform.io/hashicorp/aws",
            "values": {"text": "x", "name": "login"},
            "sensitive_values": {"text": True} if secret else {},
        }
        for kind, name, secret in (
            ("aws_secret", "login", True),
            ("aws_secret", "plain", False),
            ("aws_plain", "login", False),
        )
    ]
    state = {"format_version": "1.0", "values": {"root_module": {"resources": entries}}}
    changes = {"out": NOTHING_TOLD | {"after_sensitive": True}}

    def of(reference: str) -> Verdict:
        written = configuration(outputs={"out": refers(reference)})
        return judged(plan(configuration=written, output_changes=changes, prior_state=state)).verdict

    assert of("data.aws_secret.login.text") is Verdict.VIOLATED
    assert of("data.aws_secret.login.name") is Verdict.SATISFIED
    assert of("data.aws_secret.plain.text") is Verdict.SATISFIED
    assert of("data.aws_plain.login.text") is Verdict.SATISFIED
    assert of("aws_secret.login.text") is Verdict.UNDETERMINED


def test_outputs_and_inputs_of_modules_are_followed() -> None:
    inner = module(
        block(KEY, "api"),
        outputs={
            "secret": refers(f"{KEY}.api.secret"),
            "user": refers(f"{KEY}.api.user"),
            "given": refers("var.given"),
            "hidden": refers("local.hidden"),
        },
    )
    calls = {
        "inner": call(inner, given=refers("var.password")),
        "other": call(inner, given=refers("var.name")),
        "far": {"source": "./far", "expressions": {}},
    }
    inside = access_key(module="module.inner")

    def of(reference: str, *, marked: bool = False) -> Verdict:
        return judged(handing_out(reference, resources=[inside], calls=calls, marked=marked)).verdict

    assert of("module.inner.secret") is Verdict.VIOLATED
    assert of("module.inner.user") is Verdict.SATISFIED
    assert of("module.inner.given") is Verdict.VIOLATED
    assert of("module.other.given") is Verdict.SATISFIED
    assert of("module.inner") is Verdict.VIOLATED
    # The module of that name has no such resource, and it is not that of its sibling.
    assert of("module.other.secret", marked=True) is Verdict.UNDETERMINED
    assert of("module.inner.hidden", marked=True) is Verdict.UNDETERMINED
    assert of("module.far.secret", marked=True) is Verdict.UNDETERMINED
    assert of(f"{KEY}.api.secret", marked=True) is Verdict.UNDETERMINED


def test_a_secret_comes_through_two_modules() -> None:
    innermost = module(
        block(KEY, "api"),
        outputs={"secret": refers(f"{KEY}.api.secret"), "given": refers("var.given")},
    )
    middle = module(
        calls={"deep": call(innermost, given=refers("var.passed"))},
        outputs={"secret": refers("module.deep.secret"), "given": refers("module.deep.given")},
    )
    calls = {"outer": call(middle, passed=refers("var.password"))}
    inside = access_key(module="module.outer.module.deep")
    for reference in ("module.outer.secret", "module.outer.given"):
        plan_of_it = handing_out(reference, resources=[inside], calls=calls)
        assert judged(plan_of_it).verdict is Verdict.VIOLATED, reference
