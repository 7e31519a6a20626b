"""How AWS is said in a plan: rules, statements, databases, scaling. Reads, decides nothing."""

from planspec.aws.autoscaling import Figure, NotScaled, least_tasks, most_tasks, scaling, scaling_target
from planspec.aws.connections import Demands, Share, connections_of_a_task
from planspec.aws.container_definitions import (
    can_fail,
    containers,
    definition_of,
    environment,
    services,
    task_definitions,
)
from planspec.aws.database_families import CLUSTERS, ELSEWHERE, INSTANCES, MULTI_AZ, TYPES
from planspec.aws.databases import NO_INSTANCE, Database, Spot, databases, members
from planspec.aws.iam_statements import (
    OF_AN_ACCOUNT,
    Condition,
    Statement,
    binds,
    document_at_apply,
    stated,
    statements,
)
from planspec.aws.internet_routes import leads_to_the_internet
from planspec.aws.network_rules import (
    GROUP_SOURCES,
    GROUPS,
    LOAD_BALANCERS,
    Rule,
    egress_rules,
    ingress_rules,
    is_world,
    load_balancer_groups,
    ports_shown,
    ports_within,
)
from planspec.aws.other_databases import other_databases
from planspec.aws.owners import Owners, existed
from planspec.aws.read_back import Source, Traffic, blocks, unexplained
from planspec.aws.storage_limits import (
    INCLUDED_OPERATIONS,
    LIMITS,
    STRIPED_FROM_GIB,
    included_operations,
)
from planspec.aws.strangers import holds_for_strangers, keeps_strangers_out

__all__ = [
    "CLUSTERS",
    "ELSEWHERE",
    "GROUPS",
    "GROUP_SOURCES",
    "INCLUDED_OPERATIONS",
    "INSTANCES",
    "LIMITS",
    "LOAD_BALANCERS",
    "MULTI_AZ",
    "NO_INSTANCE",
    "OF_AN_ACCOUNT",
    "STRIPED_FROM_GIB",
    "TYPES",
    "Condition",
    "Database",
    "Demands",
    "Figure",
    "NotScaled",
    "Owners",
    "Rule",
    "Share",
    "Source",
    "Spot",
    "Statement",
    "Traffic",
    "binds",
    "blocks",
    "can_fail",
    "connections_of_a_task",
    "containers",
    "databases",
    "definition_of",
    "document_at_apply",
    "egress_rules",
    "environment",
    "existed",
    "holds_for_strangers",
    "included_operations",
    "ingress_rules",
    "is_world",
    "keeps_strangers_out",
    "leads_to_the_internet",
    "least_tasks",
    "load_balancer_groups",
    "members",
    "most_tasks",
    "other_databases",
    "ports_shown",
    "ports_within",
    "scaling",
    "scaling_target",
    "services",
    "stated",
    "statements",
    "task_definitions",
    "unexplained",
]
