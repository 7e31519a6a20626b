"""What serves and may do things, written a second time: networks, tasks and policies.

Each function of `ORACLES` reads the title and the rationale of one scenario as AWS documents the
setting. It says of each address "satisfied", "violated", or "undetermined" where the JSON does not say;
what it leaves out is not examined. Whoever wrote it had not read the judgements.
Sources: the guides of AWS and the pages of the provider's resources.
"""

import ipaddress
import json
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from tests.heavy.oracle.alarms import alarm_actions
from tests.heavy.oracle.raw_plan import (
    SATISFIED,
    UNDETERMINED,
    UNKNOWN,
    VIOLATED,
    Plan,
    Resource,
    Statements,
    Unknown,
    Verdicts,
    asked,
    best,
    is_off,
    is_true,
    items,
    of_blocks,
    statements,
    worst,
)

PARAMETERS: Final = tomllib.loads(
    (Path(__file__).parents[3] / "policies" / "parameters.toml").read_text("utf-8")
)


def listeners(plan: Plan) -> list[Resource]:
    """Listeners of Application, Network and Gateway Load Balancers."""
    return plan.of("aws_lb_listener", "aws_alb_listener")


def tls_policies(plan: Plan) -> Verdicts:
    """ENC-07.1. Source: Elastic Load Balancing, "Security policies" for HTTPS and TLS listeners."""
    approved = PARAMETERS["exposure"]["tls_policies"]
    found: Verdicts = {}
    for each in listeners(plan):
        if each["protocol"] in ("HTTPS", "TLS", UNKNOWN):
            answer = asked(each["ssl_policy"], lambda v: v in approved, UNKNOWN)
            open_question = each["protocol"] is UNKNOWN and answer == VIOLATED
            found[each.address] = UNDETERMINED if open_question else answer
    return found


def https_listeners(plan: Plan) -> Verdicts:
    """EXP-04.1. TLS ends at the listener, or the client is sent to HTTPS, by each of its rules too."""
    found: Verdicts = {}
    for each in listeners(plan):
        if is_of_a_gateway(plan, each):
            continue
        protocol = each["protocol"]
        ends = UNDETERMINED if protocol in (None, UNKNOWN) else VIOLATED
        found[each.address] = (
            SATISFIED
            if protocol in ("HTTPS", "TLS")
            else best([ends, redirected(each["default_action"])])
        )
    for rule in plan.of("aws_lb_listener_rule", "aws_alb_listener_rule"):
        owners = [
            (each, sure)
            for each in listeners(plan)
            for tied, sure in plan.about(each, [rule.type], "listener_arn", "arn")
            if tied is rule
        ]
        plain = [each["protocol"] not in ("HTTPS", "TLS") for each, _ in owners]
        sure = any(sure for _, sure in owners)
        answer = redirected(rule["action"])
        if answer != SATISFIED and (any(plain) or not owners):
            found[rule.address] = answer if sure else UNDETERMINED
    return found


def is_of_a_gateway(plan: Plan, listener: Resource) -> bool:
    """Whether a listener is a Gateway Load Balancer's, which passes on packets and has no protocol."""
    arn = listener["load_balancer_arn"]
    if isinstance(arn, str):
        return ":loadbalancer/gwy/" in arn
    written = listener.config.get("expressions", {}).get("load_balancer_arn")
    led, whole = plan.reached(listener, written)
    return bool(led) and whole and all(each["load_balancer_type"] == "gateway" for each in led)


def redirected(actions: Any) -> str:
    """Whether every action sends the client to HTTPS."""
    answers = []
    for action in items(actions):
        kind = action if action is UNKNOWN else action.get("type")
        protocols = of_blocks(action, "redirect", "protocol")
        sent = worst(asked(each, lambda v: v == "HTTPS") for each in protocols)
        answers.append(UNDETERMINED if kind is UNKNOWN else sent if kind == "redirect" else VIOLATED)
    return worst(answers) if answers else VIOLATED


PRIVATE: Final = [
    ipaddress.ip_network(each)
    for each in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16"),
        *("127.0.0.0/8", "fc00::/7", "fe80::/10", "::1/128"),
    )
]


def is_internet(cidr: str) -> bool:
    """Whether a range holds public addresses and is wider than parameters.toml lets a partner's be."""
    network = ipaddress.ip_network(cidr.strip(), strict=False)
    widest = PARAMETERS["exposure"][f"widest_public_ipv{network.version}_prefix"]
    inside = any(network.version == each.version and network.subnet_of(each) for each in PRIVATE)  # type: ignore[arg-type]
    return network.prefixlen < widest and not inside


RANGES: Final = ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6")


def sources(rule: dict[str, Any]) -> str:
    """Whether a rule lets in no part of the internet."""
    ranges = [each for name in RANGES for each in items(rule.get(name))]
    lists = [each for name in ("prefix_list_ids", "prefix_list_id") for each in items(rule.get(name))]
    return worst(
        [*(asked(each, lambda v: not is_internet(v)) for each in ranges), *(UNDETERMINED for _ in lists)]
    )


def approved_ports(rule: dict[str, Any]) -> str:
    """Whether a rule opens approved ports alone."""
    protocol = rule.get("protocol", rule.get("ip_protocol"))
    ends: tuple[Any, Any] = rule.get("from_port"), rule.get("to_port")
    if UNKNOWN in (protocol, *ends):
        return UNDETERMINED
    if str(protocol).lower() not in ("tcp", "6") or None in ends:
        return VIOLATED
    opened = range(int(ends[0]), int(ends[1]) + 1)
    approved = PARAMETERS["exposure"]["public_ports"]
    return (
        SATISFIED
        if len(opened) <= len(approved) and all(port in approved for port in opened)
        else VIOLATED
    )


def mentions(value: Any, identifier: str) -> bool:
    """Whether an identifier stands somewhere in a value."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return value == identifier or any(mentions(each, identifier) for each in inner)


GROUPS: Final = re.compile(r"security_group")
BALANCERS: Final = ("aws_lb", "aws_alb", "aws_elb")
RULES: Final = ("aws_security_group_rule", "aws_vpc_security_group_ingress_rule")


def attached(expressions: Any) -> Iterator[Any]:
    """The expressions that name security groups, at any depth."""
    for name, each in expressions.items() if isinstance(expressions, dict) else ():
        if GROUPS.search(name):
            yield each
        elif "references" not in each if isinstance(each, dict) else isinstance(each, list):
            for inner in items(each):
                yield from attached(inner)


def guards_balancers(plan: Plan, groups: list[Resource]) -> str:
    """Whether security groups are those of load balancers, and of nothing else."""
    users: set[bool] = set()
    perhaps = not groups
    for each in plan.there:
        if each.type.startswith(
            ("aws_security_group", "aws_vpc_security_group", "aws_default_security_group")
        ):
            continue
        known = any(isinstance(g["id"], str) and mentions(each.values, g["id"]) for g in groups)
        found: list[Resource] = []
        for expression in attached(each.config.get("expressions", {})):
            reached, whole = plan.reached(each, expression)
            found += reached
            perhaps = perhaps or (not whole and each.type in BALANCERS and not known)
        if known or any(group in found for group in groups):
            users.add(each.type in BALANCERS)
    if False in users:
        return VIOLATED
    return SATISFIED if True in users else UNDETERMINED if perhaps else VIOLATED


def internet_ingress(plan: Plan) -> Verdicts:
    """EXP-02.1. Each rule, where it stands: in its group, or as a resource of its own."""
    found: Verdicts = {}
    for each in plan.of("aws_security_group", "aws_default_security_group"):
        rules = items(each.block("ingress"))
        if not each.written("ingress"):
            # Read back from AWS: what a rule of the plan makes is judged there.
            made = {opening(rule.values) for rule, _ in plan.about(each, RULES, "security_group_id")}
            rules = [rule for rule in rules if not opening(rule) or opening(rule) not in made]
        found[each.address] = worst(ingress_rule(plan, rule, [each]) for rule in rules)
    for each in plan.of(*RULES):
        if each["type"] not in (None, "ingress"):
            continue
        expression = each.config.get("expressions", {}).get("security_group_id")
        groups = [
            group
            for group in plan.of("aws_security_group", "aws_default_security_group")
            if isinstance(group["id"], str) and group["id"] == each["security_group_id"]
        ] or plan.reached(each, expression)[0]
        found[each.address] = ingress_rule(plan, each.values, groups)
    return found


def opening(rule: Any) -> tuple[str, ...]:
    """Which ranges and ports a rule opens, to tell the same rule again."""
    names = (*RANGES, "from_port", "to_port")
    return (
        () if rule is UNKNOWN else tuple(sorted(str(v) for name in names for v in items(rule.get(name))))
    )


def ingress_rule(plan: Plan, rule: Any, groups: list[Resource]) -> str:
    """Whether a rule lets the internet in nowhere, or to a load balancer on approved ports only."""
    if rule is UNKNOWN:
        return UNDETERMINED
    inside = sources(rule)
    if inside == SATISFIED:
        return SATISFIED
    limited = worst([approved_ports(rule), guards_balancers(plan, groups)])
    return limited if inside == VIOLATED or limited == SATISFIED else UNDETERMINED


def public_tasks(plan: Plan) -> Verdicts:
    """EXP-03.1. Source: Amazon ECS API Reference, AwsVpcConfiguration."""
    return {
        each.address: worst(
            asked(value, is_off, UNKNOWN)
            for value in of_blocks(each.values, "network_configuration", "assign_public_ip") or [UNKNOWN]
        )
        for each in plan.of("aws_ecs_service")
    }


def shell_access(plan: Plan) -> Verdicts:
    """IDN-04.1."""
    return {
        each.address: asked(each["enable_execute_command"], is_off, UNKNOWN)
        for each in plan.of("aws_ecs_service")
    }


def circuit_breaker(plan: Plan) -> Verdicts:
    """DEP-01.1."""
    return {
        each.address: best(
            worst(
                asked(value, is_true)
                for name in ("enable", "rollback")
                for value in of_blocks(block, name)
            )
            for block in items(each["deployment_circuit_breaker"])
        )
        for each in plan.of("aws_ecs_service")
    }


def container_insights(plan: Plan) -> Verdicts:
    """OBS-01.1. "enhanced" is Container Insights with enhanced observability."""
    found: Verdicts = {}
    for each in plan.of("aws_ecs_cluster"):
        answers = [
            UNDETERMINED
            if setting is UNKNOWN or setting.get("name") is UNKNOWN
            else asked(setting.get("value"), lambda value: value in ("enabled", "enhanced"))
            for setting in items(each.block("setting"))
            if setting is UNKNOWN or setting.get("name") in ("containerInsights", UNKNOWN)
        ]
        found[each.address] = best(answers)
    return found


ADMINISTRATORS: Final = ("AdministratorAccess", "IAMFullAccess", "PowerUserAccess")
POLICIES: Final = (
    *("aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"),
    "aws_ssoadmin_permission_set_inline_policy",
)
ARGUMENTS: Final = {"aws_ssoadmin_permission_set_inline_policy": "inline_policy"}
ATTACHMENTS: Final = {
    "aws_iam_role_policy_attachment": "policy_arn",
    "aws_iam_user_policy_attachment": "policy_arn",
    "aws_iam_group_policy_attachment": "policy_arn",
    "aws_iam_policy_attachment": "policy_arn",
    "aws_ssoadmin_managed_policy_attachment": "managed_policy_arn",
}


def administrators(plan: Plan) -> Verdicts:
    """IDN-01.2. All actions, iam:*, NotAction, or a policy of AWS that holds such."""
    found: Verdicts = {}
    for each in plan.of(*POLICIES):
        argument = ARGUMENTS.get(each.type, "policy")
        found[each.address] = grants_all(statements(plan, each, argument, each[argument]))
    for each in plan.of(*ATTACHMENTS):
        arn = each[ATTACHMENTS[each.type]]
        written = each.config.get("expressions", {}).get(ATTACHMENTS[each.type])
        found[each.address] = (
            attached_policy(arn)
            if arn is not UNKNOWN or plan.reached(each, written)[0]
            else UNDETERMINED
        )
    for each in plan.of("aws_iam_role"):
        answers = [
            UNDETERMINED
            if block is UNKNOWN
            else grants_all(statements(plan, each, "", block.get("policy")))
            for block in items(each.block("inline_policy"))
            if block
        ]
        arns = each.block("managed_policy_arns")
        told = plan.reached(each, each.config.get("expressions", {}).get("managed_policy_arns"))
        answers += [
            UNDETERMINED if arn is UNKNOWN and not (told[0] and told[1]) else attached_policy(arn)
            for arn in items(arns)
        ]
        found[each.address] = worst(answers)
    return found


def attached_policy(arn: Any) -> str:
    """Whether it is no policy of AWS for administrators; one of ours is judged where it stands."""
    return VIOLATED if isinstance(arn, str) and arn.rpartition("/")[2] in ADMINISTRATORS else SATISFIED


def grants_all(stated: Statements) -> str:
    """Whether no statement of a policy allows all actions, all of IAM, or all but some."""
    if isinstance(stated, Unknown):
        return UNDETERMINED
    answers = []
    for each in stated:
        actions = [a if a is UNKNOWN else str(a).lower() for a in items(each.get("Action"))]
        if each.get("Effect") != "Allow":
            continue
        if each.get("NotAction") or {"*", "*:*", "iam:*"} & {a for a in actions if isinstance(a, str)}:
            answers.append(VIOLATED)
        elif UNKNOWN in actions:
            answers.append(UNDETERMINED)
    return worst(answers)


def containers(task: Resource) -> list[Any] | None:
    """The containers of a task definition; None where the JSON does not say."""
    stated = task["container_definitions"]
    try:
        return json.loads(stated) if isinstance(stated, str) else None
    except ValueError:
        return None


def every_container(plan: Plan, good: Callable[[dict[str, Any]], bool]) -> Verdicts:
    """Ask each container of each task definition."""
    found: Verdicts = {}
    for task in plan.of("aws_ecs_task_definition"):
        listed = containers(task)
        known = listed is not None
        found[task.address] = (
            UNDETERMINED
            if not known
            else worst(SATISFIED if good(each) else VIOLATED for each in listed or [])
        )
    return found


def image_digests(plan: Plan) -> Verdicts:
    """CON-01.1."""
    return every_container(
        plan, lambda each: bool(re.search(r"@sha256:[0-9a-f]{64}$", str(each.get("image", ""))))
    )


def users(plan: Plan) -> Verdicts:
    """CON-02.1. Source: AWS Security Hub, ECS.20: a user is named, and is not root."""
    return every_container(
        plan, lambda each: str(each.get("user") or "root").split(":")[0] not in ("root", "0", "")
    )


ORACLES: Final[dict[str, Callable[[Plan], Verdicts]]] = {
    "CON-01.1": image_digests,
    "CON-02.1": users,
    "DEP-01.1": circuit_breaker,
    "ENC-07.1": tls_policies,
    "EXP-02.1": internet_ingress,
    "EXP-03.1": public_tasks,
    "EXP-04.1": https_listeners,
    "IDN-01.2": administrators,
    "IDN-04.1": shell_access,
    "OBS-01.1": container_insights,
    "OBS-05.1": alarm_actions,
}
