"""Golden plans about listeners, load balancers and firewalls."""

from typing import Any, Final

from tests.golden.recipe import Scenario
from tests.golden.settings import attribute
from tests.support.cutting import only
from tests.support.making import added, another
from tests.support.recipe_edits import Edit, known, left_out, together, unknown, without

LISTENER = "aws_lb_listener.http"
REDIRECTS = {"type": "redirect", "redirect": [{"protocol": "HTTPS", "status_code": "HTTP_301"}]}
FORWARDS = {"type": "forward", "redirect": []}
BALANCER = "aws_lb.main"
FIREWALL_ASSOCIATION = "aws_wafv2_web_acl_association.main"
BALANCERS = only("corrected", BALANCER)
FIREWALL: Final = "aws_wafv2_web_acl.main"
RECORD: Final = "aws_wafv2_web_acl_logging_configuration.main"
COUNT: Final[list[Any]] = [{"custom_request_handling": []}]


def rule_of(listener: str, *actions: dict[str, Any]) -> Edit:
    """A rule of a listener does this before the listener's own action."""
    address = f"aws_lb_listener.{listener}"
    values = {"action": list(actions), "priority": 1}
    refers = {"listener_arn": [f"{address}.arn", address]}
    return added("aws_lb_listener_rule.extra", values, refers=refers)


def of_kind(kind: str, **values: Any) -> Edit:
    """A second load balancer, of this kind, which has nothing that is asked."""
    return another(BALANCER, "second", load_balancer_type=kind, **values)


def listener_of(kind: str, protocol: str | None, policy: str | None = None) -> Edit:
    """A listener of a further load balancer of this kind that passes everything on."""
    values = {"default_action": [FORWARDS], "protocol": protocol, "ssl_policy": policy}
    address = "aws_lb.other"
    refers = {"load_balancer_arn": [f"{address}.arn", address]}
    return together(
        added(address, {"load_balancer_type": kind, "internal": True}, computed=("arn", "id")),
        added("aws_lb_listener.other", values, refers=refers),
    )


def rules(*found: Any) -> Edit:
    """The firewall has these rules and no other."""
    return known(FIREWALL, "rule", list(found))


def rule(action: str = "", override: str = "") -> dict[str, Any]:
    """A rule with an action, or with one that overrides those of its group."""
    actions = {name: COUNT if name == action else [] for name in ("allow", "block", "captcha", "count")}
    overrides: dict[str, list[Any]] = {
        name: [{}] if name == override else [] for name in ("count", "none")
    }
    return {
        "action": [actions] if action else [],
        "name": "first",
        "override_action": [overrides] if override else [],
        "priority": 0,
    }


SCENARIOS = [
    Scenario("EXP-04.1", only("corrected", "aws_lb_listener"))
    .satisfied("HTTPS and a redirect")
    .satisfied("TLS", known("aws_lb_listener.https", "protocol", "TLS"))
    .violated("as inherited", base=only("inherited", "aws_lb_listener"))
    .violated("TCP", known("aws_lb_listener.https", "protocol", "TCP"))
    .satisfied("TLS of a network load balancer", listener_of("network", "TLS"))
    .violated("UDP of a network load balancer", listener_of("network", "UDP"))
    .violated("TCP and UDP of a network load balancer", listener_of("network", "TCP_UDP"))
    .satisfied("packets of a gateway", listener_of("gateway", None))
    .undetermined("a listener of an unknown protocol without a gateway", listener_of("network", None))
    .violated(
        "redirect to plain HTTP", known(LISTENER, "default_action[0].redirect[0].protocol", "HTTP")
    )
    .satisfied("a rule that redirects", rule_of("http", REDIRECTS))
    .satisfied("a rule of the listener with TLS", rule_of("https", FORWARDS))
    .violated("a rule that forwards plain HTTP", rule_of("http", FORWARDS))
    .violated("a second rule that forwards plain HTTP", rule_of("http", REDIRECTS, FORWARDS))
    .undetermined(
        "what a rule does known after apply",
        rule_of("http", FORWARDS),
        unknown("aws_lb_listener_rule.extra", "action"),
    )
    .undetermined(
        "a rule of an unknown listener",
        rule_of("http", FORWARDS),
        unknown("aws_lb_listener_rule.extra", "listener_arn", "var.listener"),
    )
    .violated("plain HTTP forwards", known(LISTENER, "default_action[0].type", "forward"))
    .undetermined("protocol known after apply", unknown("aws_lb_listener.https", "protocol"))
    .undetermined("protocol left out", left_out("aws_lb_listener.https", "protocol"))
    .undetermined(
        "redirect known after apply", unknown(LISTENER, "default_action[0].redirect[0].protocol")
    ),
    Scenario("EXP-08.1", only("corrected", BALANCER, FIREWALL_ASSOCIATION))
    .satisfied("as corrected")
    .satisfied("an internal one needs none", another(BALANCER, "inner", internal=True))
    .violated("none", without(FIREWALL_ASSOCIATION))
    .satisfied("a network load balancer can have none", of_kind("network"))
    .satisfied("a gateway can have none", of_kind("gateway"))
    .violated(
        "one whose kind is left out has none", another(BALANCER, "second", load_balancer_type=None)
    )
    .undetermined(
        "kind of the second known after apply",
        another(BALANCER, "second", name="second"),
        unknown("aws_lb.second", "load_balancer_type"),
    )
    .violated("second one has none", another(BALANCER, "second", name="second"))
    .violated("as inherited", base=only("inherited", BALANCER))
    .undetermined("known after apply", unknown(FIREWALL_ASSOCIATION, "resource_arn"))
    .undetermined(
        "public known after apply", without(FIREWALL_ASSOCIATION), unknown(BALANCER, "internal")
    ),
    attribute(
        *("EXP-08.2", BALANCERS, BALANCER, "drop_invalid_header_fields"),
        bad={"switched off": False},
        unset="violated",
    )
    .satisfied(
        "a network load balancer has no headers", of_kind("network", drop_invalid_header_fields=None)
    )
    .violated("a second one keeps them", another(BALANCER, "second", drop_invalid_header_fields=False))
    .undetermined(
        "kind known after apply",
        another(BALANCER, "second", drop_invalid_header_fields=False),
        unknown("aws_lb.second", "load_balancer_type"),
    ),
    Scenario("EXP-08.3", only("corrected", FIREWALL, RECORD))
    .satisfied("as corrected")
    .violated("no record", without(RECORD))
    .violated("second firewall has none", another(FIREWALL, "second", name="second"))
    .undetermined("of which firewall is open", unknown(RECORD, "resource_arn", "local.firewall")),
    Scenario("EXP-08.4", only("corrected", FIREWALL))
    .satisfied("as corrected")
    .satisfied(
        "nothing by default",
        left_out(FIREWALL, "rule"),
        known(FIREWALL, "default_action", [{"allow": [], "block": [{"custom_response": []}]}]),
    )
    .satisfied("a puzzle instead", rules(rule("captcha")))
    .violated("the limit only counts", rules(rule("count"), rule(override="none")))
    .violated("a group only counts", rules(rule("block"), rule(override="count")))
    .violated("a rule does nothing", rules(rule("block"), rule()))
    .violated("no rules", left_out(FIREWALL, "rule"))
    .violated("only rules that let pass", rules(rule("allow")))
    .undetermined("known after apply", unknown(FIREWALL, "rule"))
    .undetermined("action known after apply", unknown(FIREWALL, "rule[0].action")),
    attribute(
        *("EXP-08.5", BALANCERS, BALANCER, "desync_mitigation_mode"),
        good={"the default": "defensive"},
        bad={"only watched": "monitor"},
    )
    .satisfied("left out", left_out(BALANCER, "desync_mitigation_mode"))
    .satisfied(
        "a network load balancer has no mode", of_kind("network", desync_mitigation_mode="monitor")
    )
    .undetermined(
        "kind known after apply",
        known(BALANCER, "desync_mitigation_mode", "monitor"),
        unknown(BALANCER, "load_balancer_type"),
    ),
    attribute(
        *("EXP-08.6", BALANCERS, BALANCER, "enable_waf_fail_open"),
        bad={"open": True},
    )
    .satisfied("left out", left_out(BALANCER, "enable_waf_fail_open"))
    .satisfied("a network load balancer has no firewall", of_kind("network", enable_waf_fail_open=True))
    .undetermined(
        "kind known after apply",
        known(BALANCER, "enable_waf_fail_open", True),
        unknown(BALANCER, "load_balancer_type"),
    ),
]
