"""Golden plans about attributes that no requirement read until mutants of them passed unnoticed."""

from typing import Any, Final

from tests.golden.attributes import attribute
from tests.golden.recipe import Scenario
from tests.support.cutting import only
from tests.support.making import another
from tests.support.recipe_edits import Edit, known, left_out, together, unknown, without

SERVICE = "aws_ecs_service.api"
BALANCER = "aws_lb.main"
FIREWALL = "aws_wafv2_web_acl.main"
KEY = "aws_kms_key.data"
DATABASE = "aws_db_instance.main"
EVENTS = "aws_db_event_subscription.main"
BUDGET = "aws_budgets_budget.monthly"
POLICY = "aws_appautoscaling_policy.cpu"
BUCKET = "aws_s3_bucket.images"
ENCRYPTION = "aws_s3_bucket_server_side_encryption_configuration.images"
SERVICES = only("corrected", SERVICE)
INHERITED = only("inherited", SERVICE)
BALANCERS = only("corrected", BALANCER)
KEYS = only("corrected", KEY)
TRACKING = "target_tracking_scaling_policy_configuration[0]"
ALGORITHM = "rule[0].apply_server_side_encryption_by_default[0].sse_algorithm"
COUNT: Final[list[Any]] = [{"custom_request_handling": []}]


def written_inside(enabled: bool | None) -> Edit:
    """The bucket itself says how it encrypts, as the AWS provider had it before version 4."""
    default = {"sse_algorithm": "aws:kms", "kms_master_key_id": None}
    rule = {"apply_server_side_encryption_by_default": [default], "bucket_key_enabled": enabled}
    return known(BUCKET, "server_side_encryption_configuration", [{"rule": [rule]}])


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
    attribute(
        *("AVA-01.3", SERVICES, SERVICE, "availability_zone_rebalancing"),
        bad={"switched off": "DISABLED"},
        unset="undetermined",
    ).violated("as inherited", base=INHERITED),
    attribute(
        *("CST-06.3", SERVICES, SERVICE, "propagate_tags"),
        good={"those of the task definition": "TASK_DEFINITION"},
        bad={"none": "NONE"},
        unset="violated",
    ).violated("as inherited", base=INHERITED),
    attribute(
        *("EXP-08.5", BALANCERS, BALANCER, "desync_mitigation_mode"),
        good={"the default": "defensive"},
        bad={"only watched": "monitor"},
    ).satisfied("left out", left_out(BALANCER, "desync_mitigation_mode")),
    attribute(
        *("EXP-08.6", BALANCERS, BALANCER, "enable_waf_fail_open"),
        bad={"open": True},
    ).satisfied("left out", left_out(BALANCER, "enable_waf_fail_open")),
    attribute(
        *("ENC-08.1", KEYS, KEY, "enable_key_rotation"),
        bad={"never": False},
        unset="violated",
    )
    .violated("second key never", another(KEY, "second", enable_key_rotation=False))
    .satisfied(
        "a key for signatures beside it",
        another(KEY, "second", enable_key_rotation=False, customer_master_key_spec="ECC_NIST_P256"),
    ),
    attribute(
        *("ENC-08.2", KEYS, KEY, "deletion_window_in_days"),
        bad={"a week": 7, "a day less": 29},
    ).satisfied("left out", left_out(KEY, "deletion_window_in_days")),
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
        *("CAP-10.1", only("corrected", POLICY), POLICY, f"{TRACKING}.target_value"),
        good={"just so": 80},
        bad={"nearly full": 95, "nothing": 0},
    ).undetermined(
        "metric known after apply",
        together(
            unknown(POLICY, f"{TRACKING}.predefined_metric_specification[0].predefined_metric_type"),
            unknown(POLICY, f"{TRACKING}.target_value"),
        ),
    ),
    attribute(
        *("CST-05.2", only("corrected", POLICY), POLICY, f"{TRACKING}.disable_scale_in"),
        bad={"only out": True},
    ),
    attribute(
        *("CST-08.2", only("corrected", BUDGET), BUDGET, "limit_amount"),
        good={"just so": "500"},
        bad={"a cent more": "500.01", "no number": "much"},
        unset="undetermined",
    ).undetermined("in another currency", known(BUDGET, "limit_unit", "EUR")),
    Scenario("CST-08.3", only("corrected", BUDGET, tags=True))
    .satisfied("as corrected")
    .satisfied("everything", left_out(BUDGET, "cost_filter"))
    .satisfied(
        "one of two", known(BUDGET, "cost_filter[0].values", ["user:A$b", "user:Service$classifier"])
    )
    .satisfied("of a service of AWS", known(BUDGET, "cost_filter[0].name", "Service"))
    .violated("a template", known(BUDGET, "cost_filter[0].values", ["user:Service${var.service}"]))
    .violated("another value", known(BUDGET, "cost_filter[0].values", ["user:Service$other"]))
    .undetermined("known after apply", unknown(BUDGET, "cost_filter[0].values"))
    .undetermined(
        "a tag known after apply",
        known(BUDGET, "cost_filter[0].values", ["user:Service$other"]),
        unknown(BUDGET, "tags_all"),
    ),
    Scenario("CST-15.1", only("corrected", BUCKET, ENCRYPTION))
    .satisfied("as corrected")
    .satisfied(
        "keys of S3 cost nothing",
        known(ENCRYPTION, ALGORITHM, "AES256"),
        left_out(ENCRYPTION, "rule[0].bucket_key_enabled"),
    )
    .satisfied("no setting", without(ENCRYPTION))
    .satisfied(
        "two layers cannot",
        known(ENCRYPTION, ALGORITHM, "aws:kms:dsse"),
        known(ENCRYPTION, "rule[0].bucket_key_enabled", False),
    )
    .satisfied("inside the bucket", without(ENCRYPTION), written_inside(True))
    .violated("switched off", known(ENCRYPTION, "rule[0].bucket_key_enabled", False))
    .violated("left out", known(ENCRYPTION, "rule[0].bucket_key_enabled", None))
    .violated("switched off inside", without(ENCRYPTION), written_inside(False))
    .undetermined("known after apply", unknown(ENCRYPTION, "rule[0].bucket_key_enabled"))
    .undetermined(
        "algorithm known after apply",
        unknown(ENCRYPTION, ALGORITHM),
        known(ENCRYPTION, "rule[0].bucket_key_enabled", False),
    ),
    Scenario("OBS-05.3", only("corrected", DATABASE, EVENTS))
    .satisfied("as corrected")
    .satisfied("of every database", left_out(EVENTS, "source_ids"))
    .satisfied("of every kind", left_out(EVENTS, "event_categories"))
    .violated("no subscription", without(EVENTS))
    .violated("switched off", known(EVENTS, "enabled", False))
    .violated("of another database", known(EVENTS, "source_ids", ["other"]))
    .violated("of snapshots", known(EVENTS, "source_type", "db-snapshot"))
    .violated(
        "not of failures", known(EVENTS, "event_categories", ["availability", "failover", "low storage"])
    )
    .violated("as inherited", base=only("inherited", DATABASE))
    .undetermined("categories known after apply", unknown(EVENTS, "event_categories"))
    .undetermined("switch known after apply", unknown(EVENTS, "enabled"))
    .undetermined("database known after apply", unknown(EVENTS, "source_ids", "var.database")),
]
