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
from planspec.vocabulary.model import Inputs, Subject

PLANNED: Final = "we examine every planned "
OF_THE_CONFIGURATION: Final = " of the configuration"
COMPARED: Final = " before and after the change"

ECS_SERVICE: Final = "ECS service"
TASK_DEFINITION: Final = "ECS task definition"
CLUSTER: Final = "ECS cluster"
TARGET_TRACKING: Final = "ECS target tracking policy"
REPOSITORY: Final = "ECR repository"
FUNCTION: Final = "Lambda function"
EKS_CLUSTER: Final = "EKS cluster"
DB_INSTANCE: Final = "RDS DB instance"
DATABASE: Final = "database"
TABLE: Final = "DynamoDB table"
BUCKET: Final = "S3 bucket"
STORE: Final = "S3 bucket or ECR repository"
KEY: Final = "KMS key"
LOG_GROUP: Final = "CloudWatch log group"
ALARM: Final = "CloudWatch alarm"
TOPIC: Final = "SNS topic"
BALANCER: Final = "load balancer"
APPLICATION_BALANCER: Final = "Application Load Balancer"
BALANCER_OR_ADDRESS: Final = "load balancer or Elastic IP address"
LISTENER: Final = "load balancer listener"
TARGET_GROUP: Final = "target group"
WEB_ACL: Final = "WAF web ACL"
INGRESS: Final = "security group ingress rule"
EGRESS: Final = "security group egress rule"
INTERNAL: Final = "internal security group rule"
IAM_POLICY: Final = "IAM policy"
RESOURCE_POLICY: Final = "resource-based policy"
BUDGET: Final = "AWS budget"
ANY: Final = "resource"
TAGGABLE: Final = "taggable resource"
VARIABLE: Final = "input variable"
OUTPUT: Final = "output value"
PROVIDER: Final = "provider"
REQUIRED_PROVIDER: Final = "required provider"
MODULE_CALL: Final = "module call"
PROVISIONER: Final = "provisioner"
STATEFUL: Final = "change to a stateful resource"
GROUP_CHANGE: Final = "security group"
PUBLIC_CHANGE: Final = "public access setting"
RIGHTS_CHANGE: Final = "IAM or resource-based policy"
ENCRYPTION_CHANGE: Final = "encryption setting"
BACKUP_CHANGE: Final = "backup or deletion setting"
MONTH: Final = "monthly cost"


def _planned(name: str, meaning: str, *kinds: str, words: tuple[str, ...] = ()) -> Subject:
    """A subject that is every resource of some types that exists once the plan is applied."""

    def choose(plan: Plan, _: Inputs) -> Sequence[ResourceChange]:
        return plan.remaining(*kinds)

    return Subject(name, meaning, kinds, choose, f"{PLANNED}{name}", words)


def _with_rules(plan: Plan, rules: Iterable[ResourceChange]) -> Sequence[ResourceChange]:
    """The security groups, with the rules in them, and the resources that are a rule each."""
    every = (*plan.remaining(*GROUPS), *rules)
    return tuple({each.address: each for each in every}.values())


_RULES = (*GROUPS, "aws_security_group_rule")
_IN, _OUT = "aws_vpc_security_group_ingress_rule", "aws_vpc_security_group_egress_rule"
_BUCKETS = ("aws_s3_bucket", "aws_s3_directory_bucket")
_KEYS = ("aws_kms_key", "aws_kms_replica_key", "aws_kms_external_key")

_COMPUTE: Final = (
    _planned(ECS_SERVICE, "Services of ECS.", "aws_ecs_service", words=("Fargate",)),
    _planned(
        TASK_DEFINITION,
        "Task definitions of ECS, whether or not a service of the plan runs them.",
        "aws_ecs_task_definition",
        words=("container", "Fargate"),
    ),
    _planned(CLUSTER, "Clusters of ECS.", "aws_ecs_cluster"),
    _planned(
        TARGET_TRACKING,
        "Policies of Application Auto Scaling that scale a service of ECS.",
        "aws_appautoscaling_policy",
        words=("autoscaling",),
    ),
    _planned(REPOSITORY, "Repositories of ECR.", "aws_ecr_repository", words=("image",)),
    _planned(FUNCTION, "Functions of Lambda.", "aws_lambda_function"),
    _planned(EKS_CLUSTER, "Clusters of EKS.", "aws_eks_cluster", words=("Kubernetes",)),
)
_DATA: Final = (
    Subject(
        DB_INSTANCE,
        "Databases of RDS, Aurora, DocumentDB and Neptune; a cluster with its instances is one.",
        TYPES,
        lambda plan, _: [each.head for each in databases(plan)],
        f"{PLANNED}{DB_INSTANCE}",
        ("database", "Aurora", "DocumentDB", "Neptune"),
    ),
    Subject(
        DATABASE,
        "The same, and databases of other services: Redshift, MemoryDB, Lightsail and so on.",
        (*TYPES, *FAMILIES),
        lambda plan, _: [each.head for each in (*databases(plan), *other_databases(plan))],
        f"{PLANNED}{DATABASE}",
        ("RDS DB instance", "Aurora", "Redshift"),
    ),
    _planned(
        TABLE,
        "Tables of DynamoDB, and replicas that are declared as separate resources.",
        *("aws_dynamodb_table", "aws_dynamodb_table_replica"),
    ),
    _planned(
        BUCKET,
        "Every bucket of S3, also those for logs, and directory buckets.",
        *_BUCKETS,
        words=("directory bucket",),
    ),
    _planned(STORE, "Every bucket of S3, and every repository of ECR.", *_BUCKETS, "aws_ecr_repository"),
    _planned(KEY, "Customer managed keys of KMS.", *_KEYS),
    _planned(BUDGET, "Budgets of AWS.", "aws_budgets_budget"),
)
_WATCHING: Final = (
    _planned(LOG_GROUP, "Log groups of CloudWatch.", "aws_cloudwatch_log_group"),
    _planned(ALARM, "Metric alarms of CloudWatch.", "aws_cloudwatch_metric_alarm"),
    _planned(TOPIC, "Topics of SNS.", "aws_sns_topic"),
)
_NETWORK: Final = (
    _planned(BALANCER, "Application, network and gateway load balancers.", *BALANCERS),
    _planned(
        BALANCER_OR_ADDRESS,
        "Load balancers and Elastic IP addresses.",
        *(*BALANCERS, "aws_eip"),
    ),
    _planned(LISTENER, "Listeners of load balancers.", "aws_lb_listener", "aws_alb_listener"),
    _planned(
        TARGET_GROUP,
        "Target groups of load balancers.",
        *("aws_lb_target_group", "aws_alb_target_group"),
    ),
    _planned(WEB_ACL, "Web ACLs of AWS WAF.", "aws_wafv2_web_acl", words=("firewall",)),
    Subject(
        APPLICATION_BALANCER,
        "Application Load Balancers, and load balancers of which apply decides the kind.",
        BALANCERS,
        lambda plan, _: application_balancers(plan),
        f"{PLANNED}{APPLICATION_BALANCER}",
        ("load balancer", "ALB"),
    ),
    Subject(
        INGRESS,
        "Security groups with the ingress rules in them, and ingress rules of their own.",
        (*_RULES, _IN),
        lambda plan, _: _with_rules(plan, (each.resource for each in ingress_rules(plan))),
        f"{PLANNED}{INGRESS}",
    ),
    Subject(
        EGRESS,
        "Security groups with the egress rules in them, and egress rules of their own.",
        (*_RULES, _OUT),
        lambda plan, _: _with_rules(plan, (each.resource for each in egress_rules(plan))),
        f"{PLANNED}{EGRESS}",
    ),
    Subject(
        INTERNAL,
        "Security groups and rules of both directions; rules about the internet are left out.",
        (*_RULES, _IN, _OUT),
        lambda plan, _: _with_rules(
            plan, (each.resource for each in (*ingress_rules(plan), *egress_rules(plan)))
        ),
        f"{PLANNED}{INTERNAL}",
    ),
)
_RIGHTS: Final = (
    Subject(
        IAM_POLICY,
        "Policies of users, groups and roles: managed, inline and attached.",
        (*full_access.OF_THEIR_OWN, "aws_iam_role", *full_access.ATTACHMENTS),
        lambda plan, _: full_access.holders(plan),
        f"{PLANNED}{IAM_POLICY}",
        ("least privilege",),
    ),
    Subject(
        RESOURCE_POLICY,
        "Policies that say who may use a resource: a bucket, a key, a queue, a role and so on.",
        ("aws_s3_bucket_policy", "aws_kms_key", "aws_sqs_queue_policy", "aws_sns_topic_policy"),
        lambda plan, _: resource_policies.holders(plan),
        f"{PLANNED}{RESOURCE_POLICY}",
        ("least privilege", "bucket policy", "key policy"),
    ),
)
_GENERAL: Final = (
    Subject(
        ANY,
        "Every managed resource that exists after the change.",
        (),
        lambda plan, _: [each for each in plan.changes if each.managed and each.will_exist],
        f"{PLANNED}{ANY}",
    ),
    Subject(
        TAGGABLE,
        "Every managed resource that has tags or could have some: a map, `tag` blocks or labels.",
        (),
        lambda plan, _: taggable(plan),
        f"{PLANNED}{TAGGABLE}",
        text="resource that supports tags",
    ),
    Subject(
        VARIABLE,
        'Variables of the root module: "name", "value", "default", "sensitive".',
        (),
        lambda plan, _: configuration_parts.variables(plan),
        f"we examine every {VARIABLE}{OF_THE_CONFIGURATION}",
        text="variable",
    ),
    Subject(
        OUTPUT,
        'Outputs of the root module: "name", "value", "sensitive".',
        (),
        lambda plan, _: configuration_parts.outputs(plan),
        f"we examine every {OUTPUT}{OF_THE_CONFIGURATION}",
        text="output",
    ),
    Subject(
        PROVIDER,
        'Provider configurations: "name", "alias", "version", and what is written for them.',
        (),
        lambda plan, _: configuration_parts.providers(plan),
        f"we examine every {PROVIDER}{OF_THE_CONFIGURATION}",
        configured=True,
    ),
    Subject(
        REQUIRED_PROVIDER,
        'Each provider once for each module that requires it: "name", "source", "version".',
        (),
        lambda plan, _: configuration_parts.required_providers(plan),
        f"we examine every {REQUIRED_PROVIDER}{OF_THE_CONFIGURATION}",
        configured=True,
    ),
    Subject(
        MODULE_CALL,
        'Calls of modules, at any depth: "name", "address", "source", "version".',
        (),
        lambda plan, _: configuration_parts.module_calls(plan),
        f"we examine every {MODULE_CALL}{OF_THE_CONFIGURATION}",
        configured=True,
    ),
    Subject(
        PROVISIONER,
        'Provisioners: "type", the "address" and the "name" of the resource that has it.',
        (),
        lambda plan, _: configuration_parts.provisioners(plan),
        f"we examine every {PROVISIONER}{OF_THE_CONFIGURATION}",
        configured=True,
    ),
)
_CHANGES: Final = (
    Subject(
        STATEFUL,
        "Changes to types that hold data by policies, and to types of which no list says it.",
        (),
        lambda plan, inputs: data_loss.data_changes(plan, inputs.parameters.data_types),
        f"we examine every {STATEFUL}",
        ("data loss",),
    ),
    Subject(
        GROUP_CHANGE,
        "Security groups and their ingress rules, as they were and as they will be.",
        (*_RULES, _IN),
        lambda plan, _: wider_network.openings(plan),
        f"we compare every {GROUP_CHANGE}{COMPARED}",
    ),
    Subject(
        PUBLIC_CHANGE,
        "What the policies list about exposure, before and after.",
        (),
        lambda plan, inputs: no_weaker.guarded(plan, inputs.parameters.change.exposure),
        f"we compare every {PUBLIC_CHANGE}{COMPARED}",
    ),
    Subject(
        RIGHTS_CHANGE,
        "Policies of roles and resources, as they were and as they will be.",
        (),
        lambda plan, _: wider_permissions.givers(plan),
        f"we compare every {RIGHTS_CHANGE}{COMPARED}",
        ("least privilege",),
    ),
    Subject(
        ENCRYPTION_CHANGE,
        "What the policies list about encryption, before and after.",
        (),
        lambda plan, inputs: no_weaker.guarded(plan, inputs.parameters.change.encryption),
        f"we compare every {ENCRYPTION_CHANGE}{COMPARED}",
    ),
    Subject(
        BACKUP_CHANGE,
        "What the policies list about backups and deletion, before and after.",
        (),
        lambda plan, inputs: no_weaker.guarded(plan, inputs.parameters.change.backup),
        f"we compare every {BACKUP_CHANGE}{COMPARED}",
    ),
    Subject(
        MONTH,
        "The estimate of a month of 730 hours, by the prices and the declared use of the policies.",
        (),
        lambda _, __: (),
        f"we estimate the {MONTH}",
        whole=True,
    ),
)

SUBJECTS: Final = (*_COMPUTE, *_DATA, *_WATCHING, *_NETWORK, *_RIGHTS, *_GENERAL, *_CHANGES)
