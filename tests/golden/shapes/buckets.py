"""Golden plans about buckets and who can reach what is in them."""

from typing import Any, Final

from tests.golden.recipe import Scenario
from tests.golden.settings import bucket_setting
from tests.support.cutting import only
from tests.support.iam_policies import allow, policy
from tests.support.making import added, another, becomes, in_modules, keyed
from tests.support.other_policies import lets
from tests.support.recipe_edits import (
    Edit,
    blocks,
    known,
    left_out,
    together,
    unknown,
    unwritten,
    without,
)

BUCKET = "aws_s3_bucket.images"
NAME = "classifier-production-images"
BLOCK = "aws_s3_bucket_public_access_block.images"
MODULES = ("x", "y")
# Two buckets of one block, and a setting that belongs to one of them: which, a variable says.
TWO_BUCKETS = keyed(BUCKET, "bucket", {"x": f"{NAME}-x", "y": f"{NAME}-y"})
POLICY = "aws_s3_bucket_policy.images"
CORS = "aws_s3_bucket_cors_configuration.images"
OWNER = "aws_s3_bucket_ownership_controls.images"
OBJECTS = "arn:aws:s3:::classifier-production-images/*"
POLICIES = only("corrected", BUCKET, POLICY)
ACCOUNT: Final = "123456789012"
OUTSIDE: Final = {
    "Effect": "Deny",
    "Action": "s3:*",
    "Principal": "*",
    "Resource": OBJECTS,
    "Condition": {"StringNotEquals": {"aws:PrincipalOrgID": "o-ours"}},
}
READER: Final = {"AWS": f"arn:aws:iam::{ACCOUNT}:role/reader"}
BUCKET_POLICY: Final = "aws_s3_bucket_policy.images"

VERSIONS: Final = "aws_s3_bucket_versioning.images"
LIFECYCLE: Final = "aws_s3_bucket_lifecycle_configuration.images"
ON: Final = [{"enabled": True}]
OFF: Final = [{"enabled": False}]
SET_ON: Final = [{"status": "Enabled"}]
ALONE: Final = only("corrected", BUCKET)


def read_back(attribute: str, value: Any) -> Edit:
    """The bucket exists, and has this in AWS; nobody writes it into the bucket."""
    return together(
        known(BUCKET, attribute, value), becomes(BUCKET, "no-op"), unwritten(BUCKET, attribute)
    )


def beside(address: str, *actions: str) -> Edit:
    """A setting of the bucket that exists, and what happens to it."""
    return together(known(address, "bucket", NAME), becomes(address, *actions))


def replaced_before_it_goes(address: str) -> Edit:
    """A replacement that makes the new one first."""

    def edit(plan: dict[str, Any]) -> None:
        becomes(address, "create", "delete")(plan)

    return together(known(address, "bucket", NAME), edit)


def versions(name: str, status: str, bucket: str = NAME) -> Edit:
    """Another resource about the versions of a bucket."""
    values = {"bucket": bucket, "versioning_configuration": [{"status": status}]}
    return added(f"aws_s3_bucket_versioning.{name}", values)


def rule(**values: Any) -> list[dict[str, Any]]:
    """A rule of the lifecycle, as it stands inside a bucket."""
    empty: dict[str, Any] = {"expiration": [], "transition": [], "noncurrent_version_expiration": []}
    return [{"enabled": True, **empty, "abort_incomplete_multipart_upload_days": 0, **values}]


def expiring(days: int, status: str = "Enabled") -> list[dict[str, Any]]:
    """A rule that expires what was overwritten."""
    return [{"status": status, "noncurrent_version_expiration": [{"noncurrent_days": days}]}]


ACCOUNT_BLOCK: Final = "aws_s3_account_public_access_block.all"
LIST: Final = "aws_s3_bucket_acl.images"
EVERYONE: Final = "http://acs.amazonaws.com/groups/global/AllUsers"


def account(**values: Any) -> Edit:
    """The public access block of the account."""
    four = ("block_public_acls", "block_public_policy", "ignore_public_acls", "restrict_public_buckets")
    computed = ("id",) if "account_id" in values else ("id", "account_id")
    return added(ACCOUNT_BLOCK, dict.fromkeys(four, True) | values, computed=computed)


def of_provider(key: str) -> Edit:
    """The block of the account is made by another provider."""

    def edit(plan: dict[str, Any]) -> None:
        for block in blocks(plan, ACCOUNT_BLOCK):
            block["provider_config_key"] = key

    return edit


def access_list(**values: Any) -> Edit:
    """An access list of the bucket; of one that has a name the provider computes the grants."""
    computed = [each for each in ("access_control_policy",) if each not in values]
    return added(LIST, {"bucket": NAME, **values}, computed=("id", *computed))


def granted(grantee: dict[str, str]) -> list[dict[str, Any]]:
    """What a list grants to one."""
    return [{"grant": [{"grantee": [grantee], "permission": "READ"}]}]


EMPTY: Final = only("corrected")
FAST: Final = "images--euw1-az1--x-s3"


def directory(**values: Any) -> Edit:
    """A directory bucket, of which nobody sets anything."""
    own = {"bucket": FAST, "force_destroy": False, "type": "Directory"}
    return added("aws_s3_directory_bucket.fast", own | values)


def encrypted_by_default(algorithm: str) -> Edit:
    """The default encryption of the directory bucket."""
    rule = {"apply_server_side_encryption_by_default": [{"sse_algorithm": algorithm}]}
    kind = "aws_s3_bucket_server_side_encryption_configuration"
    return added(f"{kind}.fast", {"bucket": FAST, "rule": [rule]})


SCENARIOS = [
    Scenario("EXP-05.1", only("corrected", BUCKET, BLOCK))
    .satisfied("all four")
    .satisfied("by the literal name", known(BLOCK, "bucket", NAME))
    .satisfied(
        "each module instance its own",
        in_modules("store", ["x"], optional="aws_s3_bucket_public_access_block", only_in="x"),
    )
    .violated("one is off", known(BLOCK, "restrict_public_buckets", False))
    .violated("one left out", left_out(BLOCK, "ignore_public_acls"), deceit="default")
    .violated("no block", without(BLOCK))
    .violated("block of another bucket", known(BLOCK, "bucket", "somebody-elses-bucket"))
    .violated("second bucket has none", another(BUCKET, "second", bucket="second"))
    .violated(
        "only the sibling module has one",
        in_modules("store", MODULES, optional="aws_s3_bucket_public_access_block", only_in="y"),
        deceit="another one",
    )
    .undetermined("one known after apply", unknown(BLOCK, "block_public_policy"))
    .undetermined("block of an unknown bucket", unknown(BLOCK, "bucket", "local.bucket"))
    .undetermined(
        "block of one of two buckets",
        TWO_BUCKETS,
        unknown(BLOCK, "bucket", BUCKET, "var.which"),
    ),
    Scenario("EXP-05.2", POLICIES)
    .satisfied("only denials")
    .satisfied(
        "everybody in one account",
        policy(
            POLICY,
            allow(
                *("s3:GetObject", OBJECTS),
                Principal="*",
                Condition={"StringEquals": {"aws:SourceAccount": "123456789012"}},
            ),
        ),
    )
    .satisfied("no policy", without(POLICY))
    .violated(
        "everybody but one account",
        policy(
            POLICY,
            allow(
                *("s3:GetObject", OBJECTS),
                Principal="*",
                Condition={"StringNotEquals": {"aws:SourceAccount": "123456789012"}},
            ),
        ),
    )
    .violated(
        "everybody with TLS",
        policy(
            POLICY,
            allow(
                *("s3:GetObject", OBJECTS),
                Principal="*",
                Condition={"Bool": {"aws:SecureTransport": "true"}},
            ),
        ),
    )
    .violated("everybody", policy(POLICY, allow("s3:GetObject", OBJECTS, Principal="*")))
    .satisfied(
        "everybody, but denied outside the organization",
        policy(POLICY, allow("s3:GetObject", OBJECTS, Principal="*"), OUTSIDE),
    )
    .violated(
        "denied outside the organization for what nobody reads",
        policy(
            POLICY, allow("s3:GetObject", OBJECTS, Principal="*"), {**OUTSIDE, "Action": "s3:PutObject"}
        ),
    )
    .violated(
        "everybody whose organization is what the caller's own tag says",
        policy(
            POLICY,
            allow(
                *("s3:GetObject", OBJECTS),
                Principal="*",
                Condition={"StringEquals": {"aws:PrincipalOrgID": "${aws:PrincipalTag/org}"}},
            ),
        ),
    )
    .violated("every account", policy(POLICY, allow("s3:GetObject", OBJECTS, Principal={"AWS": "*"})))
    .violated(
        "everybody but one", policy(POLICY, allow("s3:*", OBJECTS, NotPrincipal={"AWS": "123456789012"}))
    )
    .violated("as inherited", base=only("inherited", "aws_s3_bucket", "aws_s3_bucket_policy"))
    .undetermined("known after apply", unknown(POLICY, "policy")),
    Scenario("EXP-05.2", only("corrected", BUCKET, BUCKET_POLICY), without(BUCKET_POLICY))
    .satisfied("names who may come in the bucket", known(BUCKET, "policy", lets(READER, "s3:GetObject")))
    .violated("everybody by a policy in the bucket", known(BUCKET, "policy", lets("*", "s3:*")))
    .undetermined("in the bucket known after apply", unknown(BUCKET, "policy", "var.policy")),
    Scenario("EXP-09.1", only("corrected", BUCKET, CORS))
    .satisfied("our own site")
    .satisfied("no site at all", without(CORS))
    .violated("every site", known(CORS, "cors_rule[0].allowed_origins", ["*"]))
    .violated(
        "every site of a host", known(CORS, "cors_rule[0].allowed_origins", ["https://*.example.com"])
    )
    .violated("as inherited", base=only("inherited", BUCKET, CORS))
    .undetermined("known after apply", unknown(CORS, "cors_rule[0].allowed_origins")),
    bucket_setting("EXP-09.2", OWNER, "rule[0].object_ownership", "ObjectWriter"),
    Scenario("DUR-03.1", only("corrected", BUCKET, VERSIONS))
    .satisfied("by data source or literal name", known(VERSIONS, "bucket", NAME))
    .satisfied("two settings that agree", versions("second", "Enabled"))
    .satisfied("replaced and set again", becomes(BUCKET, "no-op"), beside(VERSIONS, "delete", "create"))
    .satisfied(
        "the copy is older than the setting",
        read_back("versioning", OFF),
        known(VERSIONS, "bucket", NAME),
    )
    .satisfied("read back", without(VERSIONS), read_back("versioning", ON))
    .satisfied(
        "only forgotten by Terraform",
        beside(VERSIONS, "forget"),
        read_back("versioning", ON),
    )
    .violated("read back and off", without(VERSIONS), read_back("versioning", OFF))
    .violated("suspended as its setting goes", beside(VERSIONS, "delete"), read_back("versioning", ON))
    .violated(
        "its setting moves to another bucket",
        read_back("versioning", ON),
        beside(VERSIONS, "delete", "create"),
        known(VERSIONS, "bucket", "another"),
    )
    .violated(
        "both settings say no",
        known(VERSIONS, "versioning_configuration[0].status", "Suspended"),
        versions("second", "Suspended"),
    )
    .undetermined("two settings that disagree", versions("second", "Suspended"))
    .undetermined("the block inside disagrees", known(BUCKET, "versioning", OFF))
    .undetermined(
        "another may be of this bucket",
        versions("second", "Suspended"),
        unknown("aws_s3_bucket_versioning.second", "bucket", "var.which"),
    )
    .undetermined(
        "renamed without a moved block",
        beside(VERSIONS, "delete"),
        becomes(BUCKET, "no-op"),
        versions("renamed", "Enabled"),
    )
    .undetermined(
        "replaced by one that comes first", becomes(BUCKET, "no-op"), replaced_before_it_goes(VERSIONS)
    )
    .undetermined(
        "written inside as the setting goes",
        beside(VERSIONS, "delete"),
        known(BUCKET, "versioning", ON),
        becomes(BUCKET, "no-op"),
    ),
    Scenario("DUR-03.2", only("corrected", BUCKET, LIFECYCLE))
    .satisfied("versions for a month")
    .satisfied("no rule", without(LIFECYCLE))
    .satisfied("versions for seven days", known(LIFECYCLE, "rule", expiring(7)))
    .satisfied("a rule that is off", known(LIFECYCLE, "rule", expiring(1, "Disabled")))
    .satisfied(
        "versions inside the bucket for a month",
        without(LIFECYCLE),
        known(BUCKET, "lifecycle_rule", rule(noncurrent_version_expiration=[{"days": 30}])),
    )
    .violated("versions for a day", known(LIFECYCLE, "rule", expiring(1)))
    .violated(
        "versions for a day inside the bucket",
        without(LIFECYCLE),
        known(BUCKET, "lifecycle_rule", rule(noncurrent_version_expiration=[{"days": 1}])),
    )
    .violated("a second rule for a day", known(LIFECYCLE, "rule", [*expiring(30), *expiring(1)]))
    .undetermined(
        "the days are known after apply",
        unknown(LIFECYCLE, "rule[0].noncurrent_version_expiration[0].noncurrent_days"),
    )
    .undetermined(
        "whether the rule is on is known after apply",
        known(LIFECYCLE, "rule", expiring(1)),
        unknown(LIFECYCLE, "rule[0].status"),
    ),
    Scenario("CST-04.1", ALONE)
    .satisfied("a rule inside", known(BUCKET, "lifecycle_rule", rule(expiration=[{"days": 30}])))
    .satisfied("a rule read back", read_back("lifecycle_rule", rule(transition=[{"days": 0}])))
    .violated(
        "a rule inside is off",
        known(BUCKET, "lifecycle_rule", rule(enabled=False, expiration=[{"days": 30}])),
        deceit="shape",
    )
    .violated(
        "a rule inside is about delete markers",
        known(
            *(BUCKET, "lifecycle_rule"),
            rule(expiration=[{"days": 0, "date": "", "expired_object_delete_marker": True}]),
        ),
        deceit="empty",
    )
    .undetermined(
        "days inside known after apply",
        known(BUCKET, "lifecycle_rule", rule(expiration=[{"days": 30}])),
        unknown(BUCKET, "lifecycle_rule[0].expiration[0].days"),
    ),
    Scenario("CST-04.3", ALONE)
    .satisfied(
        "a rule inside", known(BUCKET, "lifecycle_rule", rule(abort_incomplete_multipart_upload_days=7))
    )
    .violated("a rule inside says no days", known(BUCKET, "lifecycle_rule", rule()), deceit="empty")
    .violated(
        "a rule inside is off",
        known(
            *(BUCKET, "lifecycle_rule"),
            rule(enabled=False, abort_incomplete_multipart_upload_days=7),
        ),
    )
    .undetermined("rules inside known after apply", unknown(BUCKET, "lifecycle_rule")),
    Scenario("OBS-03.2", ALONE)
    .satisfied("a block inside", known(BUCKET, "logging", [{"target_bucket": "logs-of-us"}]))
    .satisfied("read back", read_back("logging", [{"target_bucket": "logs-of-us"}]))
    .satisfied(
        "another logs to it from inside",
        another(BUCKET, "second", bucket="second"),
        known("aws_s3_bucket.second", "logging", [{"target_bucket": NAME}]),
    )
    .violated(
        "a block inside without a bucket",
        known(BUCKET, "logging", [{"target_bucket": ""}]),
        deceit="empty",
    )
    .violated("read back without logs", read_back("logging", []), deceit="before")
    .undetermined("a block inside known after apply", unknown(BUCKET, "logging")),
    Scenario("ENC-03.1", ALONE)
    .violated("a policy inside that denies nothing", known(BUCKET, "policy", lets(READER, "s3:*")))
    .undetermined("a policy inside known after apply", unknown(BUCKET, "policy", "var.policy")),
    Scenario("EXP-05.1", ALONE)
    .satisfied("its account has all four", account())
    .satisfied(
        "one is on for the account only",
        known(BLOCK, "block_public_acls", False),
        account(),
        base=only("corrected", BUCKET, BLOCK),
    )
    .violated("three of the account", account(restrict_public_buckets=False), deceit="overruled")
    .undetermined("a named account", account(account_id="210987654321"))
    .undetermined("an account of another provider", account(), of_provider("aws.other"))
    .undetermined(
        "a setting of the account known after apply",
        account(),
        unknown(ACCOUNT_BLOCK, "restrict_public_buckets"),
    ),
    Scenario("EXP-05.3", ALONE)
    .satisfied("no list")
    .satisfied("a private list", access_list(acl="private"))
    .satisfied("a list for one", access_list(access_control_policy=granted({"id": "a1", "uri": ""})))
    .satisfied("grants inside for one", known(BUCKET, "grant", [{"id": "a1", "uri": ""}]))
    .violated("a public list", access_list(acl="public-read"))
    .violated("a list for every account of AWS", access_list(acl="authenticated-read"))
    .violated("a grant to everyone", access_list(access_control_policy=granted({"uri": EVERYONE})))
    .violated("public inside", known(BUCKET, "acl", "public-read-write"))
    .violated("a grant inside to everyone", known(BUCKET, "grant", [{"uri": EVERYONE}]))
    .violated("a grant that was read back", read_back("grant", [{"uri": EVERYONE}]))
    .violated(
        "a list that goes stays in AWS",
        access_list(acl="public-read"),
        beside(LIST, "delete"),
        read_back("grant", [{"uri": EVERYONE}]),
    )
    .undetermined("the name known after apply", access_list(), unknown(LIST, "acl"))
    .undetermined("grants inside known after apply", unknown(BUCKET, "grant")),
    Scenario("EXP-09.1", ALONE)
    .satisfied(
        "a rule inside", known(BUCKET, "cors_rule", [{"allowed_origins": ["https://example.com"]}])
    )
    .violated("every site inside", known(BUCKET, "cors_rule", [{"allowed_origins": ["*"]}]))
    .violated("every site read back", read_back("cors_rule", [{"allowed_origins": ["*"]}]))
    .undetermined("rules inside known after apply", unknown(BUCKET, "cors_rule")),
    *(
        Scenario(number, EMPTY).satisfied("a directory bucket", directory())
        for number in ("ENC-03.1", "EXP-09.2", "CST-15.1")
    ),
    *(
        Scenario(number, EMPTY).violated("a directory bucket has none", directory())
        for number in ("ENC-02.1", "CST-04.1", "CST-04.3")
    ),
    Scenario("ENC-02.1", EMPTY)
    .satisfied("a directory bucket with a KMS key", directory(), encrypted_by_default("aws:kms"))
    .violated("a directory bucket with keys of S3", directory(), encrypted_by_default("AES256")),
    Scenario("DUR-03.1", only("corrected", BUCKET, VERSIONS))
    .satisfied("a directory bucket beside it", directory())
    .violated("only a directory bucket may go without", directory(), without(VERSIONS)),
    Scenario("DUR-03.2", only("corrected", BUCKET, LIFECYCLE))
    .satisfied("a directory bucket beside it", directory())
    .violated(
        "a directory bucket beside versions for a day",
        directory(),
        known(LIFECYCLE, "rule", expiring(1)),
    ),
    Scenario("OBS-03.2", ALONE)
    .satisfied(
        "a directory bucket beside it",
        directory(),
        known(BUCKET, "logging", [{"target_bucket": "logs-of-us"}]),
    )
    .violated("only a directory bucket may go without", directory()),
    Scenario("EXP-05.1", EMPTY).satisfied("a directory bucket", directory()),
    Scenario("DUR-04.1", EMPTY)
    .satisfied("a directory bucket stays", directory())
    .violated("a directory bucket goes", directory(force_destroy=True)),
]
