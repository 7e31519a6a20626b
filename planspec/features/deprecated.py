"""Phrases of version 0.1.0, and what each is called now; they are understood for one version more.

Blanks in angle brackets are carried over. Which new When an old one is may depend on its outcomes.
"""

from collections.abc import Mapping
from typing import Final

GIVENS: Final[Mapping[str, str]] = {
    "the planned change to our infrastructure": "the Terraform plan",
}

_BALANCER: Final = "we examine every planned load balancer"
_APPLICATION: Final = "we examine every planned Application Load Balancer"
_ADDRESS: Final = "we examine every planned load balancer or Elastic IP address"
_DATABASE: Final = "we examine every planned database"
_GROUPS: Final = "we compare every security group before and after the change"
_PUBLIC: Final = "we compare every public access setting before and after the change"
_BACKUP: Final = "we compare every backup or deletion setting before and after the change"
_ENCRYPTION: Final = "we compare every encryption setting before and after the change"
_RIGHTS: Final = "we compare every IAM or resource-based policy before and after the change"

WHENS: Final[Mapping[str, str]] = {
    "we estimate what a month will cost": "we estimate the monthly cost",
    "we examine every DynamoDB table that will exist after the change": (
        "we examine every planned DynamoDB table"
    ),
    "we examine every alarm": "we examine every planned CloudWatch alarm",
    "we examine every bucket and image repository that will exist after the change": (
        "we examine every planned S3 bucket or ECR repository"
    ),
    "we examine every bucket that will exist after the change": "we examine every planned S3 bucket",
    "we examine every budget": "we examine every planned AWS budget",
    "we examine every change to a resource that holds data": (
        "we examine every change to a stateful resource"
    ),
    "we examine every change to what guards our data": _ENCRYPTION,
    "we examine every change to what guards our networks": _PUBLIC,
    "we examine every cluster that will exist after the change": "we examine every planned ECS cluster",
    "we examine every database that will exist after the change": (
        "we examine every planned RDS DB instance"
    ),
    "we examine every firewall": "we examine every planned WAF web ACL",
    "we examine every image repository that will exist after the change": (
        "we examine every planned ECR repository"
    ),
    "we examine every key of ours": "we examine every planned KMS key",
    "we examine every listener of a load balancer": "we examine every planned load balancer listener",
    "we examine every load balancer that will exist after the change": _BALANCER,
    "we examine every log group that will exist after the change": (
        "we examine every planned CloudWatch log group"
    ),
    "we examine every output of the configuration": "we examine every output value of the configuration",
    "we examine every policy for users and roles": "we examine every planned IAM policy",
    "we examine every policy that gives rights": _RIGHTS,
    "we examine every policy that says who may use something of ours": (
        "we examine every planned resource-based policy"
    ),
    "we examine every policy that scales a service": (
        "we examine every planned ECS target tracking policy"
    ),
    "we examine every resource that supports tags": "we examine every planned taggable resource",
    "we examine every service that will exist after the change": "we examine every planned ECS service",
    "we examine every target group of a load balancer": "we examine every planned target group",
    "we examine every task definition that will exist after the change": (
        "we examine every planned ECS task definition"
    ),
    "we examine every topic for messages": "we examine every planned SNS topic",
    "we examine every variable of the configuration": (
        "we examine every input variable of the configuration"
    ),
    "we examine every way between our own networks": (
        "we examine every planned internal security group rule"
    ),
    "we examine every way into our networks": "we examine every planned security group ingress rule",
    "we examine every way out of our networks": "we examine every planned security group egress rule",
}

NEEDS: Final[Mapping[str, str]] = {
    "each one is protected from deletion": _DATABASE,
    "each one is encrypted at rest": _DATABASE,
    "each one keeps its backups for at least <number> days": _DATABASE,
    "its master password is made and kept by RDS": _DATABASE,
    "none of them has a public address": _DATABASE,
    "each public one stands behind a web application firewall": _APPLICATION,
    "each one drops malformed headers": _APPLICATION,
    "each one stops requests that two servers would read differently": _APPLICATION,
    "none lets requests through when its firewall does not answer": _APPLICATION,
    "alarms watch its errors, its latency and its unhealthy targets": _APPLICATION,
    "none of them is idle, and no public address is": _ADDRESS,
    "none of our security groups lets in more than before": _GROUPS,
    "nothing is backed up less than before": _BACKUP,
    "nothing is encrypted less than before": _ENCRYPTION,
}
"""Outcomes that judged more, or something else, than the usual new form of the When before them."""

_GRAVITON: Final = "it must run on Graviton"
_KMS: Final = "it must be encrypted with a KMS key"
_OWN: Final = "it must be encrypted with a customer managed KMS key"
_PRIVATE: Final = "it must not use subnets that auto-assign public IP addresses"
_TLS: Final = "it must refuse connections without TLS"
_MORE: Final = "it must not allow more than before the change"
_WEAKER: Final = "it must not be weaker than before the change"
_LOGGING: Final = "access logging must be enabled"
_PROTECTED: Final = "deletion protection must be enabled"
_ZONES: Final = "it must use subnets in at least <number> Availability Zones"

THENS: Final[Mapping[str, str]] = {
    # availability
    "each one runs at least <number> tasks at any time": (
        "the minimum task count must be at least <number>"
    ),
    "each one can run in at least <number> zones": _ZONES,
    "its tasks return to every zone after one was away": (
        "Availability Zone rebalancing must be enabled"
    ),
    "each one has a standby in another zone": "Multi-AZ must be enabled",
    "each one stands in at least <number> zones": _ZONES,
    "its subnets lie in at least <number> zones": _ZONES,
    # capacity
    "each one accepts the connections that all tasks open at the peak of a deployment": (
        "max_connections must cover the peak connections of a deployment"
    ),
    "an alarm watches the number of its connections": (
        'CloudWatch alarms must watch "DatabaseConnections"'
    ),
    "an alarm rings before <number> % of the connections for the service are open": (
        'an alarm on "DatabaseConnections" must fire at or below <number>% of available connections'
    ),
    "a dashboard shows the number of its connections": (
        'a CloudWatch dashboard must show "DatabaseConnections"'
    ),
    "each one ends a transaction that is idle for <number> seconds": (
        "idle_in_transaction_session_timeout must be at most <number> seconds"
    ),
    "its storage grows before it is full": "storage autoscaling must be enabled",
    "each one has a size that Fargate offers": "its Fargate task size must be supported by AWS",
    "its containers ask for no more than the task has": "its containers must fit within its task size",
    "it has a ceiling that its database carries": (
        "its maximum task count must fit within the database connection limit"
    ),
    "AWS accepts the operations of its storage at its size": (
        "its storage IOPS must be supported by AWS"
    ),
    "each one on a share or on free room rings while there is room": "its threshold must leave headroom",
    "NAT gateways, if the plan makes any, stand in each of its zones": (
        "NAT gateways must cover each of its Availability Zones"
    ),
    "tasks are added before the present ones are busy to more than <number> %": (
        "the utilization target must be at most <number>%"
    ),
    # change
    "none of them is destroyed, replaced or dropped": (
        "it must not be destroyed, replaced or removed from state"
    ),
    "each one is protected from being deleted by a slip": _PROTECTED,
    "each one takes security fixes by itself": "automatic minor version upgrades must be enabled",
    "none of them pins a minor version that RDS raises by itself": (
        "its engine version must leave automatic minor version upgrades to RDS"
    ),
    "changes to it wait for its maintenance window": "immediate application of changes must be disabled",
    "each one is of a supported version": "its engine version must be on the approved list",
    "each one is bound to versions that end somewhere": "it must have an upper version bound",
    "each one has a condition that refuses wrong values": "it must have a validation rule",
    "each one gets the host of its database from the database itself": (
        "the database host must not be hardcoded"
    ),
    "none of our security groups lets in more than before": _MORE,
    "nothing becomes public that was not": _WEAKER,
    "nobody may do more than before": _MORE,
    "nothing is encrypted less than before": _WEAKER,
    "nothing is backed up less than before": _WEAKER,
    # containers
    "each container names its image by digest": "every container must have an image digest",
    "each container runs as a user that is not root": "every container must have a non-root user",
    "no container can change its own files": "every container must have a read-only root filesystem",
    "no container has privileges of the machine": (
        "every container must run unprivileged and drop all Linux capabilities"
    ),
    "ECS asks each container whether it is well": "every container must have a health check",
    "a tag in each one keeps the image that it was given": "tag immutability must be enabled",
    "each one is searched for known vulnerabilities on every push": "scan on push must be enabled",
    # cost
    "each one is within the accepted task size": "the task size must not exceed the approved maximum",
    "each one is of an accepted class": "its instance class must be on the approved list",
    "each one is on storage of a fair price": 'the storage type must be "gp3"',
    "each one keeps its logs for <number> to <most> days": (
        "log retention must be between <number> and <most> days"
    ),
    "each one moves or expires old objects": "a lifecycle rule must expire or transition objects",
    "each one expires old images": "it must have a lifecycle policy",
    "each one ends uploads that nobody finishes": (
        "a lifecycle rule must abort incomplete multipart uploads"
    ),
    "each one shrinks when it is idle": "autoscaling must be enabled",
    "none of them only ever adds tasks": "scale-in must be enabled",
    'each one carries the tags "<names>"': 'it must have the tags "<names>"',
    "its snapshots carry its tags": "tag copying to snapshots must be enabled",
    "its tasks carry tags": "tag propagation to tasks must be enabled",
    "no container logs every detail": "the container log level must not be verbose",
    "a budget tells somebody before the month's money is spent": (
        "it must be covered by an AWS budget that alerts at or below 100% of its limit"
    ),
    "each one is no larger than what a month at the largest scale may cost": (
        "the budget limit must not exceed the approved maximum"
    ),
    "each one counts costs that there are": "its tag filter must match a planned resource",
    "each one runs on the cheaper processors": _GRAVITON,
    "each one is of a class with the cheaper processors": _GRAVITON,
    "its images come past the NAT gateway": "it must be covered by an S3 gateway endpoint",
    "a month costs no more than the budget": (
        "the monthly cost at minimum scale must not exceed the approved maximum"
    ),
    "a month at the largest scale costs no more than the budget for it": (
        "the monthly cost at maximum scale must not exceed the approved maximum"
    ),
    "the change adds no more to a month than one change may": (
        "the monthly cost increase must not exceed the approved maximum"
    ),
    "none of them is idle, and no public address is": "it must not be idle",
    "its task is the smallest that fits the need": "its task size must not exceed the declared demand",
    "it runs no more tasks at the least than the need takes": (
        "its minimum task count must not exceed the declared demand"
    ),
    "no accepted class that fits the need costs less": (
        "its instance class must be the cheapest for the declared demand"
    ),
    "no operations are paid for beyond the need": (
        "its provisioned IOPS must not exceed the declared demand"
    ),
    "each one that uses a key asks for it once, and not for every object": (
        "S3 Bucket Keys must be enabled"
    ),
    # deployment
    "a failed deployment of each one rolls back by itself": (
        "the deployment circuit breaker with rollback must be enabled"
    ),
    'each one asks its targets for "<value>"': 'the health check path must be "<value>"',
    "each one believes answers of success only": "its health check must accept only 2xx status codes",
    "each one finds a dead target within <number> seconds": (
        "the unhealthy target detection time must be at most <number> seconds"
    ),
    "each one behind a load balancer gives new tasks at least <number> seconds to start": (
        "the health check grace period must be at least <number> seconds"
    ),
    "each one keeps <number> % of its tasks while it is deployed": (
        "the minimum healthy percent must be at least <number>%"
    ),
    "each one lets a target go within <number> seconds": (
        "the deregistration delay must be at most <number> seconds"
    ),
    "an apply ends only when its new tasks run": "waiting for steady state must be enabled",
    # durability
    "each one keeps its backups for at least <number> days": (
        "backup retention must be at least <number> days"
    ),
    "each one is protected from deletion": _PROTECTED,
    "each one leaves a snapshot behind when it is deleted": (
        "the final snapshot on deletion must be enabled"
    ),
    "its backups stay when it is deleted": "backup retention after deletion must be enabled",
    "each one keeps what is overwritten or deleted": "versioning must be enabled",
    "none is deleted together with what is in it": "force deletion must be disabled",
    "each one has point-in-time recovery, and so has each replica": (
        "point-in-time recovery must be enabled"
    ),
    # encryption
    "each one is encrypted at rest": "encryption at rest must be enabled",
    "each one is encrypted with a key of the key management service": _KMS,
    "each one refuses requests without TLS": _TLS,
    "each one is encrypted with our own key": _OWN,
    "each topic is encrypted with our own key": _OWN,
    "each one turns away clients without TLS": _TLS,
    "each one with TLS offers accepted versions only": (
        "its security policy must be on the approved list"
    ),
    "AWS renews each one every year": "automatic key rotation must be enabled",
    "each one that is deleted can be had back for <number> days": (
        "the deletion waiting period must be at least <number> days"
    ),
    # exposure
    "none of them has a public address": "public accessibility must be disabled",
    "only load balancers accept traffic from the internet, on their public ports": (
        "internet ingress must be limited to load balancers on approved ports"
    ),
    "none of their tasks has a public address": "public IP assignment must be disabled",
    "each one speaks TLS or only redirects to it": "it must use TLS or redirect to HTTPS",
    "each one blocks public access in all four ways": "Block Public Access must be enabled",
    "no policy lets everybody in": "its policy must not grant public access",
    "traffic to the internet leaves on accepted ports only": (
        "internet egress must be limited to approved ports"
    ),
    "each one names a single port": "it must allow a single port",
    "each way in names the security group of its callers": (
        "its ingress must be limited to security groups"
    ),
    "each public one stands behind a web application firewall": "it must have a web ACL",
    "each one drops malformed headers": "dropping invalid header fields must be enabled",
    "each one writes down what it stops": "logging must be enabled",
    "each one has rules that stop requests, and none that only counts them": (
        "it must block requests and have no rule in count mode"
    ),
    "each one stops requests that two servers would read differently": (
        'the desync mitigation mode must be one of "defensive, strictest"'
    ),
    "none lets requests through when its firewall does not answer": "WAF fail open must be disabled",
    "only named web sites may use it": "its CORS rules must not allow wildcard origins",
    "each one ignores the access lists of single objects": "ACLs must be disabled",
    "its networks give out no public addresses": _PRIVATE,
    "the networks of its tasks give out no public addresses": _PRIVATE,
    # identity
    "its roles name each action and resource, without wildcards": (
        "its roles must not allow wildcard actions or all resources"
    ),
    "none of them allows everything": "it must not grant administrative privileges",
    "each one has a role for the task and another for its execution": (
        "it must have separate task and execution roles"
    ),
    "only ECS can take its roles, and only for our account": (
        "its roles must trust only ECS tasks in this account"
    ),
    "nobody can open a shell in its tasks": "ECS Exec must be disabled",
    "each one names who may come, and what for": "it must not grant public access or wildcard actions",
    "each service that it lets in acts for our account": (
        "it must limit AWS service principals to this account"
    ),
    # observability
    "each one gives figures of its tasks": "Container Insights must be enabled",
    "each one shows what its queries wait for": "Performance Insights must be enabled",
    "each one reports on its machine every <number> seconds or more often": (
        "the Enhanced Monitoring interval must be at most <number> seconds"
    ),
    "its logs are sent where they can be searched": "log export to CloudWatch Logs must be enabled",
    "its log says who connects, who changes tables, and what takes longer than <number> second": (
        "it must log connections, disconnections, DDL and statements over <number> second"
    ),
    "each one writes down the requests that it gets": _LOGGING,
    "each one that holds no logs has its requests logged": _LOGGING,
    "alarms watch its errors, its latency and its unhealthy targets": (
        'CloudWatch alarms must watch "HTTPCode_Target_5XX_Count, TargetResponseTime,'
        ' UnHealthyHostCount"'
    ),
    "alarms watch its processor and its free storage": (
        'CloudWatch alarms must watch "CPUUtilization, FreeStorageSpace"'
    ),
    "an alarm watches how many of its tasks run": 'CloudWatch alarms must watch "RunningTaskCount"',
    "each one is switched on and tells somebody": "alarm actions must be enabled",
    "somebody receives what is said there": "it must have a subscription",
    "somebody is told when it fails, moves or runs out of room": (
        'it must have event notifications for "availability, failover, failure, low storage"'
    ),
    # secrets
    "no container has a secret in its plain environment": (
        "the container definition must not contain a secret"
    ),
    "its master password is made and kept by RDS": (
        "password management in Secrets Manager must be enabled"
    ),
    "none of them hands a secret to the plan": "its value must not contain a secret",
    "no output hands out a secret": "its value must not contain a secret",
    # for anybody's plan
    'its "<path>" must refer to a "<kind>"': 'its "<path>" must reference a "<kind>"',
}
