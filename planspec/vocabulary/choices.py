"""What can a requirement be about? One entry for each subject; a step names it by its `name`."""

from collections.abc import Iterable, Sequence
from typing import Final

from planspec.aws import (
    BALANCERS,
    GROUPS,
    TYPES,
    application_balancers,
    databases,
    egress_rules,
    ingress_rules,
    other_databases,
)
from planspec.aws.other_databases import FAMILIES
from planspec.judgements.change import data_loss, wider_network, wider_permissions
from planspec.judgements.cost.tagging import taggable
from planspec.judgements.exposure import resource_policies
from planspec.judgements.generic import configuration_parts, no_weaker
from planspec.judgements.identity import full_access
from planspec.plan import Plan, ResourceChange
from planspec.vocabulary import subjects
from planspec.vocabulary.model import Inputs, Subject


def _planned(name: str, meaning: str, *kinds: str, words: tuple[str, ...] = ()) -> Subject:
    """A subject that is every resource of some types that exists once the plan is applied."""

    def choose(plan: Plan, _: Inputs) -> Sequence[ResourceChange]:
        return plan.remaining(*kinds)

    return Subject(name, meaning, kinds, choose, f"{subjects.PLANNED}{name}", words)


def _with_rules(plan: Plan, rules: Iterable[ResourceChange]) -> Sequence[ResourceChange]:
    """The security groups, with the rules in them, and the resources that are a rule each."""
    every = (*plan.remaining(*GROUPS), *rules)
    return tuple({each.address: each for each in every}.values())


_RULES = (*GROUPS, "aws_security_group_rule")
_IN, _OUT = "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"
_BUCKETS = ("aws_s3_bucket", "aws_s3_directory_bucket")
_KEYS = ("aws_kms_key", "aws_kms_replica_key", "aws_kms_external_key", "aws_kms_replica_external_key")

_COMPUTE: Final = (
    _planned(subjects.ECS_SERVICE, "Services of ECS.", "aws_ecs_service", words=("Fargate",)),
    _planned(
        subjects.TASK_DEFINITION,
        "Task definitions of ECS, whether or not a service of the plan runs them.",
        "aws_ecs_task_definition",
        words=("container", "Fargate"),
    ),
    _planned(subjects.CLUSTER, "Clusters of ECS.", "aws_ecs_cluster"),
    _planned(
        subjects.TARGET_TRACKING,
        "Policies of Application Auto Scaling that scale a service of ECS.",
        "aws_appautoscaling_policy",
        words=("autoscaling",),
    ),
    _planned(subjects.REPOSITORY, "Repositories of ECR.", "aws_ecr_repository", words=("image",)),
    _planned(subjects.FUNCTION, "Functions of Lambda.", "aws_lambda_function"),
    _planned(subjects.EKS_CLUSTER, "Clusters of EKS.", "aws_eks_cluster", words=("Kubernetes",)),
)
_DATA: Final = (
    Subject(
        subjects.DB_INSTANCE,
        "Databases of RDS, Aurora, DocumentDB and Neptune; a cluster with its instances is one.",
        TYPES,
        lambda plan, _: [each.head for each in databases(plan)],
        f"{subjects.PLANNED}{subjects.DB_INSTANCE}",
        ("database", "Aurora", "DocumentDB", "Neptune"),
    ),
    Subject(
        subjects.DATABASE,
        "The same, and databases of other services: Redshift, MemoryDB, Lightsail and so on.",
        (*TYPES, *FAMILIES),
        lambda plan, _: [each.head for each in (*databases(plan), *other_databases(plan))],
        f"{subjects.PLANNED}{subjects.DATABASE}",
        ("RDS DB instance", "Aurora", "Redshift"),
    ),
    _planned(
        subjects.TABLE,
        "Tables of DynamoDB, and replicas that are declared as separate resources.",
        *("aws_dynamodb_table", "aws_dynamodb_table_replica"),
    ),
    _planned(
        subjects.BUCKET,
        "Every bucket of S3, also those for logs, and directory buckets.",
        *_BUCKETS,
        words=("directory bucket",),
    ),
    _planned(
        subjects.STORE,
        "Every bucket of S3, and every repository of ECR.",
        *_BUCKETS,
        "aws_ecr_repository",
    ),
    _planned(subjects.KEY, "Customer managed keys of KMS.", *_KEYS),
    _planned(subjects.BUDGET, "Budgets of AWS.", "aws_budgets_budget"),
)
_WATCHING: Final = (
    _planned(subjects.LOG_GROUP, "Log groups of CloudWatch.", "aws_cloudwatch_log_group"),
    _planned(subjects.ALARM, "Metric alarms of CloudWatch.", "aws_cloudwatch_metric_alarm"),
    _planned(subjects.TOPIC, "Topics of SNS.", "aws_sns_topic"),
)
_NETWORK: Final = (
    _planned(subjects.BALANCER, "Application, network and gateway load balancers.", *BALANCERS),
    _planned(
        subjects.BALANCER_OR_ADDRESS,
        "Load balancers and Elastic IP addresses.",
        *(*BALANCERS, "aws_eip"),
    ),
    _planned(
        subjects.LISTENER,
        "Listeners of load balancers; a Classic Load Balancer has its own inside.",
        *("aws_lb_listener", "aws_alb_listener", "aws_elb"),
    ),
    _planned(
        subjects.TARGET_GROUP,
        "Target groups of load balancers.",
        *("aws_lb_target_group", "aws_alb_target_group"),
    ),
    _planned(subjects.WEB_ACL, "Web ACLs of AWS WAF.", "aws_wafv2_web_acl", words=("firewall",)),
    Subject(
        subjects.APPLICATION_BALANCER,
        "Application Load Balancers, and load balancers whose kind is known after apply.",
        BALANCERS,
        lambda plan, _: application_balancers(plan),
        f"{subjects.PLANNED}{subjects.APPLICATION_BALANCER}",
        ("load balancer", "ALB"),
    ),
    Subject(
        subjects.INGRESS,
        "Security groups with the ingress rules in them, and ingress rules of their own.",
        (*_RULES, _IN),
        lambda plan, _: _with_rules(plan, (each.resource for each in ingress_rules(plan))),
        f"{subjects.PLANNED}{subjects.INGRESS}",
    ),
    Subject(
        subjects.EGRESS,
        "Security groups with the egress rules in them, and egress rules of their own.",
        (*_RULES, _OUT),
        lambda plan, _: _with_rules(plan, (each.resource for each in egress_rules(plan))),
        f"{subjects.PLANNED}{subjects.EGRESS}",
    ),
    Subject(
        subjects.INTERNAL,
        "Security groups and rules of both directions; rules about the internet are left out.",
        (*_RULES, _IN, _OUT),
        lambda plan, _: _with_rules(
            plan, (each.resource for each in (*ingress_rules(plan), *egress_rules(plan)))
        ),
        f"{subjects.PLANNED}{subjects.INTERNAL}",
    ),
)
_RIGHTS: Final = (
    Subject(
        subjects.IAM_POLICY,
        "Policies of users, groups and roles: managed, inline and attached.",
        (*full_access.OF_THEIR_OWN, "aws_iam_role", *full_access.ATTACHMENTS),
        lambda plan, _: full_access.holders(plan),
        f"{subjects.PLANNED}{subjects.IAM_POLICY}",
        ("least privilege",),
    ),
    Subject(
        subjects.RESOURCE_POLICY,
        "Policies that say who may use a resource: a bucket, a key, a queue, a role and so on.",
        ("aws_s3_bucket_policy", "aws_kms_key", "aws_sqs_queue_policy", "aws_sns_topic_policy"),
        lambda plan, _: resource_policies.holders(plan),
        f"{subjects.PLANNED}{subjects.RESOURCE_POLICY}",
        ("least privilege", "bucket policy", "key policy"),
    ),
)
_GENERAL: Final = (
    Subject(
        subjects.ANY,
        "Every managed resource that exists after the change.",
        (),
        lambda plan, _: [each for each in plan.changes if each.managed and each.will_exist],
        f"{subjects.PLANNED}{subjects.ANY}",
    ),
    Subject(
        subjects.TAGGABLE,
        "Every managed resource that has tags or could have some: a map, `tag` blocks or labels.",
        (),
        lambda plan, _: taggable(plan),
        f"{subjects.PLANNED}{subjects.TAGGABLE}",
        text="resource that supports tags",
    ),
    Subject(
        subjects.VARIABLE,
        'Variables of the root module: "name", "value", "default", "sensitive".',
        (),
        lambda plan, _: configuration_parts.variables(plan),
        f"we examine every {subjects.VARIABLE}{subjects.OF_THE_CONFIGURATION}",
        text="variable",
    ),
    Subject(
        subjects.OUTPUT,
        'Outputs of the root module: "name", "value", "sensitive".',
        (),
        lambda plan, _: configuration_parts.outputs(plan),
        f"we examine every {subjects.OUTPUT}{subjects.OF_THE_CONFIGURATION}",
        text="output",
    ),
    Subject(
        subjects.PROVIDER,
        'Provider configurations: "name", "alias", "version", and what is written for them.',
        (),
        lambda plan, _: configuration_parts.providers(plan),
        f"we examine every {subjects.PROVIDER}{subjects.OF_THE_CONFIGURATION}",
        configured=True,
    ),
    Subject(
        subjects.REQUIRED_PROVIDER,
        'Each provider once for each module that requires it: "name", "source", "version".',
        (),
        lambda plan, _: configuration_parts.required_providers(plan),
        f"we examine every {subjects.REQUIRED_PROVIDER}{subjects.OF_THE_CONFIGURATION}",
        configured=True,
    ),
    Subject(
        subjects.MODULE_CALL,
        'Calls of modules, at any depth: "name", "address", "source", "version".',
        (),
        lambda plan, _: configuration_parts.module_calls(plan),
        f"we examine every {subjects.MODULE_CALL}{subjects.OF_THE_CONFIGURATION}",
        configured=True,
    ),
    Subject(
        subjects.PROVISIONER,
        'Provisioners: "type", the "address" and the "name" of the resource that has it.',
        (),
        lambda plan, _: configuration_parts.provisioners(plan),
        f"we examine every {subjects.PROVISIONER}{subjects.OF_THE_CONFIGURATION}",
        configured=True,
    ),
)
_CHANGES: Final = (
    Subject(
        subjects.STATEFUL,
        "Changes to types that hold data by policies, and to types of which no list says it.",
        (),
        lambda plan, inputs: data_loss.data_changes(plan, inputs.parameters.data_types),
        f"we examine every {subjects.STATEFUL}",
        ("data loss",),
    ),
    Subject(
        subjects.GROUP_CHANGE,
        "Security groups and their ingress rules, as they were and as they will be.",
        (*_RULES, _IN),
        lambda plan, _: wider_network.openings(plan),
        f"we compare every {subjects.GROUP_CHANGE}{subjects.COMPARED}",
    ),
    Subject(
        subjects.PUBLIC_CHANGE,
        "What the policies list about exposure, before and after.",
        (),
        lambda plan, inputs: no_weaker.guarded(plan, inputs.parameters.change.exposure),
        f"we compare every {subjects.PUBLIC_CHANGE}{subjects.COMPARED}",
    ),
    Subject(
        subjects.RIGHTS_CHANGE,
        "Policies of roles and resources, as they were and as they will be.",
        (),
        lambda plan, _: wider_permissions.givers(plan),
        f"we compare every {subjects.RIGHTS_CHANGE}{subjects.COMPARED}",
        ("least privilege",),
    ),
    Subject(
        subjects.ENCRYPTION_CHANGE,
        "What the policies list about encryption, before and after.",
        (),
        lambda plan, inputs: no_weaker.guarded(plan, inputs.parameters.change.encryption),
        f"we compare every {subjects.ENCRYPTION_CHANGE}{subjects.COMPARED}",
    ),
    Subject(
        subjects.BACKUP_CHANGE,
        "What the policies list about backups and deletion, before and after.",
        (),
        lambda plan, inputs: no_weaker.guarded(plan, inputs.parameters.change.backup),
        f"we compare every {subjects.BACKUP_CHANGE}{subjects.COMPARED}",
    ),
    Subject(
        subjects.MONTH,
        "The estimate of a month of 730 hours, by the prices and the declared use of the policies.",
        (),
        lambda _, __: (),
        f"we estimate the {subjects.MONTH}",
        whole=True,
    ),
)

SUBJECTS: Final = (*_COMPUTE, *_DATA, *_WATCHING, *_NETWORK, *_RIGHTS, *_GENERAL, *_CHANGES)
