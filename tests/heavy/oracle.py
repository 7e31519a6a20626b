"""Requirements written a second time, over raw plan JSON, by who had not read the judgements.

Each function of `ORACLES` reads the title and the rationale of one scenario as AWS documents the setting, and
says of each address "satisfied", "violated", or "undetermined" where the JSON does not say; what it leaves out is
not examined. Nothing of planspec is used here, so that a fault in its reading of plans shows too.

Sources: Terraform, "JSON Output Format"; the guides of AWS and the provider's pages of each resource.
"""

import ipaddress
import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, Final, NamedTuple

SATISFIED, VIOLATED, UNDETERMINED = "satisfied", "violated", "undetermined"
Verdicts = dict[str, str]
PARAMETERS: Final = tomllib.loads(
    (Path(__file__).parents[2] / "policies" / "parameters.toml").read_text("utf-8")
)


class _Unknown:
    """Known after apply."""


UNKNOWN: Final = _Unknown()


def merged(value: Any, unknown: Any) -> Any:
    """A value of a plan with UNKNOWN wherever apply decides."""
    if unknown is True:
        return UNKNOWN
    if isinstance(unknown, dict) and isinstance(value, dict | None):
        known = value or {}
        names = [*known, *(name for name in unknown if name not in known)]
        both = {name: merged(known.get(name), unknown.get(name)) for name in names}
        return both if value is not None or any(each is not None for each in both.values()) else None
    if isinstance(unknown, list) and isinstance(value, list | None):
        known_items = value or []
        length = max(len(known_items), len(unknown))
        pad = [None] * length
        pairs = zip([*known_items, *pad][:length], [*unknown, *pad][:length], strict=True)
        return [merged(*pair) for pair in pairs]
    return value


def worst(verdicts: Iterable[str]) -> str:
    """Violated if one is, else undetermined if one is, else satisfied."""
    found = set(verdicts)
    return next((each for each in (VIOLATED, UNDETERMINED) if each in found), SATISFIED)


def best(verdicts: Iterable[str]) -> str:
    """Satisfied if one is, else undetermined if one is, else violated."""
    found = set(verdicts)
    return next((each for each in (SATISFIED, UNDETERMINED) if each in found), VIOLATED)


def asked(value: Any, holds: Callable[[Any], bool], null: Any = None) -> str:
    """Whether a value holds; UNKNOWN for null where the provider writes its default into every plan."""
    meant = null if value is None else value
    if meant is UNKNOWN:
        return UNDETERMINED
    return SATISFIED if holds(meant) else VIOLATED


def is_true(value: Any) -> bool:
    """Whether a switch is on, as a boolean or as text."""
    return value in (True, "true")


def is_off(value: Any) -> bool:
    """Whether a switch is off."""
    return not is_true(value)


def items(value: Any) -> list[Any]:
    """The elements of a list or the one value in its place; UNKNOWN stays one element."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def within(value: Any, name: str) -> list[Any]:
    """What the blocks of this name hold; an unknown block holds something unknown."""
    return [UNKNOWN] if value is UNKNOWN else items(value.get(name) if isinstance(value, dict) else None)


def of_blocks(value: Any, *names: str) -> list[Any]:
    """What stands at the end of nested blocks; nothing where a block is not there."""
    found = [value]
    for name in names[:-1]:
        found = [inner for each in found for inner in within(each, name)]
    return [UNKNOWN if each is UNKNOWN else (each or {}).get(names[-1]) for each in found]


class Resource:
    """One entry of `resource_changes`, with UNKNOWN where apply decides."""

    def __init__(self, raw: dict[str, Any], config: dict[str, Any]) -> None:
        self.raw, self.config = raw, config
        self.address: str = raw["address"]
        self.type: str = raw["type"]
        self.module: str = raw.get("module_address") or ""
        self.index = raw.get("index")
        self.name = f"{self.type}.{raw['name']}"
        change = raw["change"]
        self.actions: list[str] = change["actions"]
        self.before: dict[str, Any] = change.get("before") or {}
        self.values: dict[str, Any] = merged(change.get("after"), change.get("after_unknown")) or {}

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    @property
    def stays(self) -> bool:
        """Whether the object is there after apply, and of this configuration."""
        return self.actions not in (["delete"], ["forget"]) and "deposed" not in self.raw

    def written(self, name: str) -> bool:
        """Whether the configuration sets an argument; what nobody wrote is the provider's."""
        return name in self.config.get("expressions", {})

    def block(self, name: str) -> Any:
        """A nested block, or None where nobody wrote it and only the provider would fill it in at apply."""
        value = self[name]
        return None if value is UNKNOWN and self.config and not self.written(name) else value


class Target(NamedTuple):
    """What a reference leads to: resources of this name in this module, perhaps one key; or nothing told."""

    module: str
    name: str
    key: Any = None
    keyed: bool = False


STEP: Final = re.compile(r'(?:module\.)?[\w-]+(?:\["(?:[^"\\]|\\.)*"\]|\[\d+\])?')
KEY: Final = re.compile(r'\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]')


def without_keys(address: str) -> str:
    """An address as configuration names it."""
    return KEY.sub("", address)


class Plan:
    """A plan: what is there after apply, by type, and where references lead."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.raw = raw
        self.root: dict[str, Any] = raw.get("configuration", {}).get("root_module", {})
        every = [
            Resource(each, self._configured(each))
            for each in raw.get("resource_changes", [])
            if each.get("provider_name", "").endswith(("hashicorp/aws", "aws"))
        ]
        self.managed = [each for each in every if each.raw.get("mode") == "managed"]
        self.data = [each for each in every if each.raw.get("mode") == "data"]
        self.there = [each for each in self.managed if each.stays]

    def _module(self, address: str) -> dict[str, Any]:
        module = self.root
        for name in re.findall(r"module\.([\w-]+)", without_keys(address)):
            module = module.get("module_calls", {}).get(name, {}).get("module", {})
        return module

    def _configured(self, raw: dict[str, Any]) -> dict[str, Any]:
        own = ("data." if raw.get("mode") == "data" else "") + f"{raw['type']}.{raw['name']}"
        listed = self._module(raw.get("module_address") or "").get("resources", [])
        return next((each for each in listed if each.get("address") == own), {})

    def of(self, *types: str) -> list[Resource]:
        """The resources of some types that are there after apply."""
        return [each for each in self.there if each.type in types]

    @cached_property
    def everything(self) -> list[Resource]:
        """Managed resources that stay, and data sources that are read at apply."""
        return [*self.there, *self.data]

    def targets(self, module: str, expression: Any, depth: int = 0) -> Iterator[Target | None]:
        """Where the references of an expression lead; None for what the JSON does not follow."""
        if isinstance(expression, list):
            for each in expression:
                yield from self.targets(module, each, depth)
            return
        if not isinstance(expression, dict) or depth > 20:
            return
        if "references" not in expression:
            for name, inner in expression.items():
                if name != "constant_value":
                    yield from self.targets(module, inner, depth)
            return
        references = expression["references"]
        longest = [
            each
            for each in references
            if not any(
                other != each and other.startswith((f"{each}.", f"{each}[")) for other in references
            )
        ]
        for reference in longest:
            yield from self._follow(module, reference, depth)

    def _follow(self, module: str, reference: str, depth: int) -> Iterator[Target | None]:
        parts = STEP.findall(reference)
        head = without_keys(parts[0]) if parts else ""
        if reference.startswith("module."):
            name, output = parts[0], without_keys(parts[1]) if len(parts) > 1 else ""
            inner = f"{module}.{name}" if module else name
            declared = self._module(inner).get("outputs", {}).get(output)
            if declared is None:
                yield None
            else:
                yield from self.targets(inner, declared.get("expression", {}), depth + 1)
        elif head == "var":
            outer, _, called = without_keys(module).rpartition("module.")
            call = self._module(outer.rstrip(".")).get("module_calls", {}).get(called, {})
            given = call.get("expressions", {}).get(without_keys(parts[1]))
            if module and given is not None:
                parent = re.sub(r"\.?module\.[\w-]+(\[[^\]]*\])?$", "", module)
                yield from self.targets(parent, given, depth + 1)
            else:
                yield None
        elif head in ("each", "count", "path", "terraform", "self"):
            return
        elif head == "local":
            yield None
        else:
            data = "data." if head == "data" else ""
            type_, named = parts[1:3] if data else parts[:2]
            key = KEY.search(named)
            yield Target(
                module,
                f"{data}{type_}.{without_keys(named)}",
                None if key is None else (key[1] if key[2] is None else int(key[2])),
                key is not None,
            )

    def reached(self, source: Resource, expression: Any) -> tuple[list[Resource], bool]:
        """The resources that an expression of another refers to, and whether that is all it says."""
        found: list[Resource] = []
        whole = True
        for target in self.targets(source.module, expression):
            if target is None:
                whole = False
                continue
            prefix = target.name.startswith("data.")
            alike = [
                each
                for each in (self.data if prefix else self.managed)
                if each.name == target.name.removeprefix("data.")
                and (each.module == target.module or without_keys(each.module) == target.module)
            ]
            exact = [
                each for each in alike if each.index == (target.key if target.keyed else source.index)
            ]
            found += exact or alike
        return found, whole

    def about(
        self, owner: Resource, types: Iterable[str], argument: str, *known_as: str
    ) -> list[tuple[Resource, bool]]:
        """Resources that an argument ties to an owner, and whether that is certain."""
        names = {each for each in (owner[name] for name in ("id", *known_as)) if isinstance(each, str)}
        tied = []
        for each in self.of(*types):
            value = each[argument]
            if isinstance(value, str):
                if value in names:
                    tied.append((each, True))
            elif value is UNKNOWN or each.written(argument):
                found, whole = self.reached(each, each.config.get("expressions", {}).get(argument))
                if owner in found or not found:
                    tied.append((each, found == [owner] and whole))
        return tied


class Setting(NamedTuple):
    """The argument of a type of database, and what AWS takes for null."""

    argument: str
    null: Any = UNKNOWN


Facts = dict[str, Setting | str]
MEMBERS: Final = {
    "aws_rds_cluster": "aws_rds_cluster_instance",
    "aws_docdb_cluster": "aws_docdb_cluster_instance",
    "aws_neptune_cluster": "aws_neptune_cluster_instance",
}


def members(plan: Plan, cluster: Resource) -> list[tuple[Resource, bool]]:
    """The instances of a cluster, and whether each is so for certain."""
    return plan.about(cluster, [MEMBERS[cluster.type]], "cluster_identifier", "cluster_identifier")


def is_multi_az_cluster(cluster: Resource) -> bool:
    """Whether RDS makes the instances of a cluster itself: a Multi-AZ DB cluster."""
    return cluster.type == "aws_rds_cluster" and cluster["db_cluster_instance_class"] is not None


def all_databases(plan: Plan, facts: Facts, good: Callable[[Any], bool]) -> Verdicts:
    """Ask each database by its type: an argument, or what is always so."""
    return {
        each.address: fact if isinstance(fact, str) else asked(each[fact.argument], good, fact.null)
        for each in plan.of(*facts)
        for fact in [facts[each.type]]
    }


def of_clusters(plan: Plan, facts: Facts, good: Callable[[Any], bool]) -> Verdicts:
    """Ask what the cluster says of all its instances; an instance without its cluster says nothing."""
    return {**all_databases(plan, facts, good), **strays(plan)}


def strays(plan: Plan) -> Verdicts:
    """Instances of which the plan does not show the cluster, or not for certain."""
    found: Verdicts = {}
    for kind, member in MEMBERS.items():
        owned = {each.address for owner in plan.of(kind) for each, sure in members(plan, owner) if sure}
        found |= {each.address: UNDETERMINED for each in plan.of(member) if each.address not in owned}
    return found


def of_instances(
    plan: Plan, argument: str, good: Callable[[Any], bool], kinds: Iterable[str], null: Any = None
) -> Verdicts:
    """Ask what each instance says; a cluster without an instance in the plan says nothing."""
    types = ["aws_db_instance", *(MEMBERS[kind] for kind in kinds)]
    found = {each.address: asked(each[argument], good, null) for each in plan.of(*types)}
    for each in plan.of(*kinds):
        alone = not members(plan, each) or is_multi_az_cluster(each)
        if alone and each["engine_mode"] != "serverless":
            found[each.address] = UNDETERMINED
    return found


ALWAYS_ENCRYPTED: Final = (
    *("aws_docdbelastic_cluster", "aws_dsql_cluster", "aws_memorydb_cluster", "aws_neptunegraph_graph"),
    *("aws_redshiftserverless_namespace", "aws_timestreaminfluxdb_db_instance"),
)
ORIGINS: Final = (
    *("replicate_source_db", "snapshot_identifier", "restore_to_point_in_time", "s3_import"),
    *("replication_source_identifier", "global_cluster_identifier"),
)


def database_encryption(plan: Plan) -> Verdicts:
    """ENC-01.1. Sources: the Encryption chapters of each service; a copy is encrypted as its origin is."""
    facts: Facts = {
        "aws_db_instance": Setting("storage_encrypted", False),
        "aws_rds_cluster": Setting("storage_encrypted"),
        "aws_docdb_cluster": Setting("storage_encrypted", False),
        "aws_neptune_cluster": Setting("storage_encrypted", False),
        "aws_redshift_cluster": Setting("encrypted"),
        "aws_lightsail_database": UNDETERMINED,
        **dict.fromkeys(ALWAYS_ENCRYPTED, SATISFIED),
    }
    found = of_clusters(plan, facts, is_true)
    for each in plan.of("aws_db_instance", "aws_rds_cluster"):
        copied = any(each.block(name) not in (None, []) for name in ORIGINS)
        if copied and each["storage_encrypted"] is None:
            found[each.address] = UNDETERMINED
        if each["engine_mode"] == "serverless" and not each.written("storage_encrypted"):
            found[each.address] = SATISFIED
    return found


PRIVATE_DATABASES: Final = (
    *("aws_docdb_cluster", "aws_docdb_cluster_instance"),
    *("aws_docdbelastic_cluster", "aws_memorydb_cluster"),
)


def database_publicity(plan: Plan) -> Verdicts:
    """EXP-01.1. DocumentDB and MemoryDB have no public address; Aurora DSQL's endpoint is public."""
    facts: Facts = {
        **dict.fromkeys(
            ("aws_redshift_cluster", "aws_redshiftserverless_workgroup"), Setting("publicly_accessible")
        ),
        "aws_lightsail_database": Setting("publicly_accessible"),
        "aws_timestreaminfluxdb_db_instance": Setting("publicly_accessible"),
        "aws_neptunegraph_graph": Setting("public_connectivity"),
        **dict.fromkeys(PRIVATE_DATABASES, SATISFIED),
        "aws_dsql_cluster": VIOLATED,
    }
    instances = of_instances(plan, "publicly_accessible", is_off, list(MEMBERS)[::2], UNKNOWN)
    serverless = {
        each.address: SATISFIED
        for each in plan.of("aws_rds_cluster")
        if each["engine_mode"] == "serverless"
    }
    return {**all_databases(plan, facts, is_off), **instances, **serverless}


def backup_retention(plan: Plan) -> Verdicts:
    """DUR-01.1. Lightsail keeps 7 days, Redshift Serverless 1."""
    by_days = ("aws_db_instance", "aws_rds_cluster", "aws_docdb_cluster", "aws_neptune_cluster")
    facts: Facts = {
        **dict.fromkeys((*by_days, "aws_docdbelastic_cluster"), Setting("backup_retention_period")),
        "aws_redshift_cluster": Setting("automated_snapshot_retention_period"),
        "aws_memorydb_cluster": Setting("snapshot_retention_limit"),
        **dict.fromkeys(("aws_lightsail_database", "aws_redshiftserverless_namespace"), VIOLATED),
        **dict.fromkeys(("aws_dsql_cluster", "aws_neptunegraph_graph"), UNDETERMINED),
        "aws_timestreaminfluxdb_db_instance": UNDETERMINED,
    }
    return of_clusters(plan, facts, lambda days: float(days) >= 35)


def deletion_protection(plan: Plan) -> Verdicts:
    """DUR-02.1. Where AWS offers none, the rationale leaves the answer open."""
    protected = ("aws_db_instance", "aws_rds_cluster", "aws_docdb_cluster", "aws_neptune_cluster")
    without = ("aws_redshift_cluster", "aws_redshiftserverless_namespace", "aws_docdbelastic_cluster")
    facts: Facts = {
        **dict.fromkeys(protected, Setting("deletion_protection", False)),
        "aws_dsql_cluster": Setting("deletion_protection_enabled"),
        "aws_neptunegraph_graph": Setting("deletion_protection"),
        **dict.fromkeys((*without, "aws_memorydb_cluster", "aws_lightsail_database"), UNDETERMINED),
        "aws_timestreaminfluxdb_db_instance": UNDETERMINED,
    }
    return of_clusters(plan, facts, is_true)


def multi_az(plan: Plan) -> Verdicts:
    """AVA-02.1. Aurora spreads its instances itself; DocumentDB and Neptune put them into any zone.

    Sources: CreateDBInstance in the API references of Amazon RDS, DocumentDB and Neptune, AvailabilityZone.
    """
    found = {each.address: asked(each["multi_az"], is_true) for each in plan.of("aws_db_instance")}
    for each in plan.of(*MEMBERS):
        if each["engine_mode"] != "serverless":
            multi = is_multi_az_cluster(each)
            found[each.address] = SATISFIED if multi else in_two_zones(each, members(plan, each))
    return {**found, **strays(plan)}


def in_two_zones(cluster: Resource, tied: list[tuple[Resource, bool]]) -> str:
    """Whether a second instance of a cluster stands in another zone."""
    zones = [each["availability_zone"] for each, sure in tied if sure]
    written = {zone for zone in zones if isinstance(zone, str)}
    spread = cluster.type == "aws_rds_cluster" and UNKNOWN in zones and len(zones) > 1
    if len(written) > 1 or spread:
        return SATISFIED
    return (
        VIOLATED
        if tied and (len(tied) == 1 or (len(tied) == len(zones) and UNKNOWN not in zones))
        else UNDETERMINED
    )


def minor_upgrades(plan: Plan) -> Verdicts:
    """CHG-03.1. A cluster is upgraded where all its instances are; a Multi-AZ DB cluster is by default."""
    kinds = ["aws_rds_cluster", "aws_neptune_cluster"]
    found = of_instances(plan, "auto_minor_version_upgrade", lambda value: value is not False, kinds)
    return {
        **found,
        **{each.address: SATISFIED for each in plan.of(*kinds) if is_multi_az_cluster(each)},
    }


def of_bucket(
    plan: Plan,
    bucket: Resource,
    kind: str,
    judge: Callable[[dict[str, Any]], str],
    inline: Callable[[dict[str, Any]], str] | None = None,
    block: str = "",
) -> str:
    """What the configuration resource of a bucket says, else its old inline block, else violated."""
    tied = plan.about(bucket, [kind], "bucket", "bucket")
    if certain := [judge(each.values) for each, sure in tied if sure]:
        return worst(certain)
    perhaps = [judge(each.values) for each, _ in tied]
    if inline is not None and bucket.block(block) is not None:
        perhaps.append(inline(bucket.values))
        if len(perhaps) == 1:
            return perhaps[0]
    return VIOLATED if set(perhaps) <= {VIOLATED} else UNDETERMINED


def buckets(plan: Plan, *rest: Any) -> Verdicts:
    """Ask each bucket the same."""
    return {each.address: of_bucket(plan, each, *rest) for each in plan.of("aws_s3_bucket")}


def versioning(plan: Plan) -> Verdicts:
    """DUR-03.1. Source: Amazon S3 User Guide, "Retaining multiple versions of objects"."""

    def enabled(values: dict[str, Any], names: tuple[str, str], good: Callable[[Any], bool]) -> str:
        return best(asked(each, good) for each in of_blocks(values, *names))

    return buckets(
        plan,
        "aws_s3_bucket_versioning",
        lambda values: enabled(values, ("versioning_configuration", "status"), lambda v: v == "Enabled"),
        lambda values: enabled(values, ("versioning", "enabled"), is_true),
        "versioning",
    )


def bucket_encryption(plan: Plan) -> Verdicts:
    """ENC-02.1. The bucket for the access logs of a load balancer may use SSE-S3, the default of S3."""
    path = ("rule", "apply_server_side_encryption_by_default", "sse_algorithm")

    def kms(value: Any) -> bool:
        return value in ("aws:kms", "aws:kms:dsse")

    found = buckets(
        plan,
        "aws_s3_bucket_server_side_encryption_configuration",
        lambda values: best(asked(each, kms) for each in of_blocks(values, *path)),
        lambda values: best(
            asked(each, kms) for each in of_blocks(values, "server_side_encryption_configuration", *path)
        ),
        "server_side_encryption_configuration",
    )
    for bucket in plan.of("aws_s3_bucket"):
        if found[bucket.address] != SATISFIED and holds_logs(plan, bucket):
            found[bucket.address] = SATISFIED
    return found


def holds_logs(plan: Plan, bucket: Resource) -> bool:
    """Whether a load balancer writes its access logs into a bucket."""
    for each in plan.of("aws_lb", "aws_alb", "aws_elb"):
        for logs in items(each["access_logs"]):
            named = logs is not UNKNOWN and logs.get("bucket")
            if named and named is not UNKNOWN and named in (bucket["bucket"], bucket["id"]):
                return True
            written = each.config.get("expressions", {}).get("access_logs")
            if named is UNKNOWN and plan.reached(
                each, [block.get("bucket") for block in items(written)]
            ) == (
                [bucket],
                True,
            ):
                return True
    return False


def block_public_access(plan: Plan) -> Verdicts:
    """EXP-05.1. Source: Amazon S3 User Guide, "Blocking public access to your Amazon S3 storage"."""
    four = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
    return buckets(
        plan,
        "aws_s3_bucket_public_access_block",
        lambda values: worst(asked(values.get(each), is_true) for each in four),
    )


def disabled_acls(plan: Plan) -> Verdicts:
    """EXP-09.2. Source: Amazon S3 User Guide, "Controlling ownership of objects and disabling ACLs"."""
    return buckets(
        plan,
        "aws_s3_bucket_ownership_controls",
        lambda values: best(
            asked(each, lambda v: v == "BucketOwnerEnforced")
            for each in of_blocks(values, "rule", "object_ownership")
        ),
    )


Statements = list[dict[str, Any]] | _Unknown


def statements(plan: Plan, source: Resource, argument: str, value: Any) -> Statements:
    """The statements of a policy: as JSON, or of the data sources that it is made by."""
    if isinstance(value, str):
        try:
            document = json.loads(value)
        except ValueError:
            return []
        return [each for each in items(document.get("Statement")) if isinstance(each, dict)]
    if value is not UNKNOWN:
        return []
    expression = source.config.get("expressions", {}).get(argument)
    found, whole = plan.reached(source, expression)
    documents = [each for each in found if each.type == "aws_iam_policy_document"]
    if not whole or len(documents) != 1 or len(found) != 1:
        return UNKNOWN
    return of_document(documents[0])


def of_document(document: Resource) -> Statements:
    """The statements that a data source aws_iam_policy_document will write."""
    blocks = [
        inner for each in items(document["statement"]) if each is not UNKNOWN for inner in each.values()
    ]
    if UNKNOWN in [
        inner
        for each in blocks
        for inner in items(each)
        if not isinstance(each, list) or isinstance(each[0], dict)
    ]:
        return UNKNOWN
    more = [document[each] for each in ("source_policy_documents", "override_policy_documents")]
    if any(more) or document["statement"] is UNKNOWN or UNKNOWN in items(document["statement"]):
        return UNKNOWN
    made = []
    for each in items(document["statement"]):
        made.append(
            {
                "Effect": each.get("effect") or "Allow",
                "Action": each.get("actions"),
                "NotAction": each.get("not_actions"),
                "Resource": each.get("resources"),
                "NotResource": each.get("not_resources"),
                "Principal": {
                    inner.get("type"): inner.get("identifiers")
                    for inner in items(each.get("principals"))
                },
                "NotPrincipal": each.get("not_principals"),
                "Condition": {
                    inner.get("test"): {inner.get("variable"): inner.get("values")}
                    for inner in items(each.get("condition"))
                    if inner is not UNKNOWN
                },
            }
        )
    return made


def tls_only(plan: Plan) -> Verdicts:
    """ENC-03.1. Source: AWS Config, "s3-bucket-ssl-requests-only"."""
    found: Verdicts = {}
    for bucket in plan.of("aws_s3_bucket"):
        policies = [
            (statements(plan, each, "policy", each["policy"]), sure)
            for each, sure in plan.about(bucket, ["aws_s3_bucket_policy"], "bucket", "bucket")
        ]
        if not policies and bucket.block("policy") is not None:
            policies.append((statements(plan, bucket, "policy", bucket["policy"]), True))
        answers = [
            (
                best(denies_plain(each, bucket) for each in stated)
                if isinstance(stated, list)
                else UNDETERMINED,
                sure,
            )
            for stated, sure in policies
        ]
        certain = [answer for answer, sure in answers if sure]
        if certain:
            found[bucket.address] = worst(certain)
        else:
            found[bucket.address] = VIOLATED if {a for a, _ in answers} <= {VIOLATED} else UNDETERMINED
    return found


def denies_plain(statement: dict[str, Any], bucket: Resource) -> str:
    """Whether a statement denies everybody everything without TLS."""
    principal = statement.get("Principal")
    everybody = (
        items(principal.get("AWS", principal.get("*")))
        if isinstance(principal, dict)
        else items(principal)
    )
    conditions = {
        (operator, key.lower()): [str(each).lower() for each in items(values)]
        for operator, asked_of in (statement.get("Condition") or {}).items()
        for key, values in asked_of.items()
    }
    if statement.get("Effect") != "Deny" or "*" not in everybody:
        return VIOLATED
    if not {"*", "s3:*"} & {each for each in items(statement.get("Action")) if isinstance(each, str)}:
        return VIOLATED
    if list(conditions.values()) != [["false"]] or {key for _, key in conditions} != {
        "aws:securetransport"
    }:
        return VIOLATED
    if not {operator for operator, _ in conditions} <= {"Bool", "BoolIfExists"}:
        return VIOLATED
    resources = items(statement.get("Resource"))
    if UNKNOWN in resources:
        return UNDETERMINED
    arn = f"arn:aws:s3:::{bucket['bucket']}"
    named = {re.sub(r"^arn:aws[\w-]*:", "arn:aws:", str(each)) for each in resources}
    both = {arn, f"{arn}/*"} <= named or f"{arn}*" in named
    return SATISFIED if both or named & {"*", "arn:aws:s3:::*"} else VIOLATED


def key_rotation(plan: Plan) -> Verdicts:
    """ENC-08.1. Source: AWS KMS Developer Guide, "Rotate AWS KMS keys": symmetric keys for encryption."""
    found: Verdicts = {}
    for each in plan.of("aws_kms_key"):
        spec, usage = each["customer_master_key_spec"], each["key_usage"]
        if spec in (None, "SYMMETRIC_DEFAULT", UNKNOWN) and usage in (None, "ENCRYPT_DECRYPT", UNKNOWN):
            if each["custom_key_store_id"] in (None, ""):
                answer = asked(each["enable_key_rotation"], is_true, False)
                found[each.address] = (
                    UNDETERMINED if UNKNOWN in (spec, usage) and answer != SATISFIED else answer
                )
    return found


def log_retention(plan: Plan) -> Verdicts:
    """CST-03.1. No number, and 0, are for ever."""
    return {
        each.address: asked(each["retention_in_days"], lambda days: 30 <= float(days) <= 400, 0)
        for each in plan.of("aws_cloudwatch_log_group")
    }


def table_recovery(plan: Plan) -> Verdicts:
    """DUR-05.1. A replica has a switch of its own. Source: Amazon DynamoDB, "Point-in-time recovery"."""
    found: Verdicts = {}
    for each in plan.of("aws_dynamodb_table"):
        answers = [
            best(asked(v, is_true) for v in of_blocks(each.values, "point_in_time_recovery", "enabled"))
        ]
        answers += [
            asked(v, is_true) for v in of_blocks(each.values, "replica", "point_in_time_recovery")
        ]
        found[each.address] = worst(answers)
    for each in plan.of("aws_dynamodb_table_replica"):
        found[each.address] = asked(each["point_in_time_recovery"], is_true)
    return found


def listeners(plan: Plan) -> list[Resource]:
    """Listeners of Application, Network and Gateway Load Balancers."""
    return plan.of("aws_lb_listener", "aws_alb_listener")


def tls_policies(plan: Plan) -> Verdicts:
    """ENC-07.1. Source: Elastic Load Balancing, "Security policies" for HTTPS and TLS listeners."""
    approved = PARAMETERS["exposure"]["tls_policies"]
    found: Verdicts = {}
    for each in listeners(plan):
        if each["protocol"] in ("HTTPS", "TLS", UNKNOWN):
            answer = asked(each["ssl_policy"], lambda v: v in approved)
            open_question = each["protocol"] is UNKNOWN and answer == VIOLATED
            found[each.address] = UNDETERMINED if open_question else answer
    return found


def https_listeners(plan: Plan) -> Verdicts:
    """EXP-04.1. TLS ends at the listener, or the client is sent to HTTPS, by each of its rules too."""
    found: Verdicts = {}
    for each in listeners(plan):
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
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",
        "169.254.0.0/16",
        "127.0.0.0/8",
    )
    + ("fc00::/7", "fe80::/10", "::1/128")
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
    ends = rule.get("from_port"), rule.get("to_port")
    if UNKNOWN in (protocol, *ends):
        return UNDETERMINED
    if str(protocol).lower() not in ("tcp", "6") or None in ends:
        return VIOLATED
    opened = range(int(ends[0]), int(ends[1]) + 1)  # type: ignore[call-overload]
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
    """Whether one rule lets in nobody from the internet, or only to a load balancer on approved ports."""
    if rule is UNKNOWN:
        return UNDETERMINED
    inside = sources(rule)
    if inside == SATISFIED:
        return SATISFIED
    limited = worst([approved_ports(rule), guards_balancers(plan, groups)])
    return limited if inside == VIOLATED or limited == SATISFIED else UNDETERMINED


def public_tasks(plan: Plan) -> Verdicts:
    """EXP-03.1. Source: Amazon ECS API Reference, AwsVpcConfiguration: disabled unless it is asked for."""
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


ACTIONS: Final = (
    *("aws_sns_topic", "aws_appautoscaling_policy", "aws_autoscaling_policy"),
    *("aws_lambda_function", "aws_lambda_alias"),
)


def alarm_actions(plan: Plan) -> Verdicts:
    """OBS-05.1. Actions are enabled unless switched off; an alarm without one tells nobody."""
    found: Verdicts = {}
    for each in plan.of("aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"):
        actions = each["alarm_actions"]
        if actions is UNKNOWN:
            written = each.config.get("expressions", {}).get("alarm_actions")
            led, whole = plan.reached(each, written)
            told = led and whole and all(target.type in ACTIONS for target in led)
            there = SATISFIED if told else UNDETERMINED
        else:
            there = SATISFIED if items(actions) else VIOLATED
        found[each.address] = worst([there, asked(each["actions_enabled"], is_true, True)])
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
    """Whether a policy of AWS is none of those for administrators; one of ours is judged where it stands."""
    return VIOLATED if isinstance(arn, str) and arn.rpartition("/")[2] in ADMINISTRATORS else SATISFIED


def grants_all(stated: Statements) -> str:
    """Whether no statement of a policy allows all actions, all of IAM, or all but some."""
    if isinstance(stated, _Unknown):
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
    "AVA-02.1": multi_az,
    "CHG-03.1": minor_upgrades,
    "CON-01.1": image_digests,
    "CON-02.1": users,
    "CST-03.1": log_retention,
    "DEP-01.1": circuit_breaker,
    "DUR-01.1": backup_retention,
    "DUR-02.1": deletion_protection,
    "DUR-03.1": versioning,
    "DUR-05.1": table_recovery,
    "ENC-01.1": database_encryption,
    "ENC-02.1": bucket_encryption,
    "ENC-03.1": tls_only,
    "ENC-07.1": tls_policies,
    "ENC-08.1": key_rotation,
    "EXP-01.1": database_publicity,
    "EXP-02.1": internet_ingress,
    "EXP-03.1": public_tasks,
    "EXP-04.1": https_listeners,
    "EXP-05.1": block_public_access,
    "EXP-09.2": disabled_acls,
    "IDN-01.2": administrators,
    "IDN-04.1": shell_access,
    "OBS-01.1": container_insights,
    "OBS-05.1": alarm_actions,
}
