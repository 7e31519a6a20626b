"""Golden plans about buckets: their settings are resources of their own."""

from typing import Any

from tests.golden.recipe import Scenario
from tests.support.cutting import only
from tests.support.iam_policies import allow, deny_plain_http, policy, read_at_apply, statement
from tests.support.making import another, in_modules, keyed
from tests.support.recipe_edits import known, left_out, unknown, without

BUCKET = "aws_s3_bucket.images"
NAME = "classifier-production-images"
POLICY = "aws_s3_bucket_policy.images"
BLOCK = "aws_s3_bucket_public_access_block.images"
LIFECYCLE = "aws_s3_bucket_lifecycle_configuration.images"
KINDS = "aws_s3_bucket_server_side_encryption_configuration"
ENCRYPTION = f"{KINDS}.images"
ALGORITHM = "rule[0].apply_server_side_encryption_by_default[0].sse_algorithm"
REFERS = (f"{BUCKET}.arn", BUCKET)
INSECURE = ("Bool", "aws:SecureTransport", "false")
DENIES = statement(["s3:*"], effect="Deny", refers=REFERS, condition=INSECURE, everybody=True)
DOCUMENT = "data.aws_iam_policy_document.aws_s3_bucket_policy_images"
MODULES = ("x", "y")
# As the AWS provider had it before version 4.
INSIDE = "server_side_encryption_configuration"


def within(algorithm: str) -> dict[str, Any]:
    """The encryption of a bucket, written inside it."""
    default = [{"sse_algorithm": algorithm, "kms_master_key_id": None}]
    return {"rule": [{"apply_server_side_encryption_by_default": default}]}


# Two buckets of one block, and a setting that belongs to one of them: which, a variable says.
TWO_BUCKETS = keyed(BUCKET, "bucket", {"x": f"{NAME}-x", "y": f"{NAME}-y"})


SCENARIOS = [
    Scenario("EXP-05.1", only("corrected", BUCKET, BLOCK))
    .satisfied("all four")
    .satisfied("by the literal name", known(BLOCK, "bucket", NAME))
    .satisfied(
        "each module instance its own",
        in_modules("store", ["x"], optional="aws_s3_bucket_public_access_block", only_in="x"),
    )
    .violated("one is off", known(BLOCK, "restrict_public_buckets", False))
    .violated("one left out", left_out(BLOCK, "ignore_public_acls"))
    .violated("no block", without(BLOCK))
    .violated("block of another bucket", known(BLOCK, "bucket", "somebody-elses-bucket"))
    .violated("second bucket has none", another(BUCKET, "second", bucket="second"))
    .violated(
        "only the sibling module has one",
        in_modules("store", MODULES, optional="aws_s3_bucket_public_access_block", only_in="y"),
    )
    .undetermined("one known after apply", unknown(BLOCK, "block_public_policy"))
    .undetermined("block of an unknown bucket", unknown(BLOCK, "bucket", "local.bucket"))
    .undetermined(
        "block of one of two buckets",
        TWO_BUCKETS,
        unknown(BLOCK, "bucket", BUCKET, "var.which"),
    ),
    Scenario("ENC-02.1", only("corrected", BUCKET, ENCRYPTION))
    .satisfied("kms")
    .satisfied("two layers of kms", known(ENCRYPTION, ALGORITHM, "aws:kms:dsse"))
    .satisfied(
        "keys of S3 for a load balancers logs",
        base=only("corrected", "aws_s3_bucket.logs", f"{KINDS}.logs", "aws_lb"),
    )
    .violated("keys of S3", known(ENCRYPTION, ALGORITHM, "AES256"))
    .violated("keys of S3 for other logs", base=only("corrected", "aws_s3_bucket.logs", f"{KINDS}.logs"))
    .satisfied("inside the bucket", without(ENCRYPTION), known(BUCKET, INSIDE, [within("aws:kms")]))
    .violated("keys of S3 inside it", without(ENCRYPTION), known(BUCKET, INSIDE, [within("AES256")]))
    .violated("no setting", without(ENCRYPTION))
    .violated("no rule", left_out(ENCRYPTION, "rule"))
    .violated(
        "only the sibling module has one", in_modules("store", MODULES, optional=KINDS, only_in="y")
    )
    .undetermined("algorithm known after apply", unknown(ENCRYPTION, ALGORITHM))
    .undetermined("setting of an unknown bucket", unknown(ENCRYPTION, "bucket", "local.bucket"))
    .undetermined(
        "setting of one of two buckets", TWO_BUCKETS, unknown(ENCRYPTION, "bucket", BUCKET, "var.which")
    ),
    Scenario("ENC-03.1", only("corrected", BUCKET, POLICY))
    .satisfied("denied")
    .satisfied(
        "denied beside an allowance", policy(POLICY, allow("s3:GetObject", "*"), deny_plain_http())
    )
    .satisfied("every action", policy(POLICY, deny_plain_http(Action="*")))
    .satisfied(
        "wherever the key is there",
        policy(POLICY, deny_plain_http(Condition={"BoolIfExists": {"aws:SecureTransport": False}})),
    )
    .satisfied("every AWS principal", policy(POLICY, deny_plain_http(Principal={"AWS": "*"})))
    .satisfied("every resource", policy(POLICY, deny_plain_http(Resource="*")))
    .satisfied(
        "document read at apply",
        read_at_apply(
            POLICY,
            statement(["s3:*"], effect="Deny", refers=REFERS, condition=INSECURE, everybody=True),
        ),
    )
    .violated("as inherited", base=only("inherited", BUCKET, POLICY))
    .violated("no policy", without(POLICY))
    .violated("allows instead", policy(POLICY, deny_plain_http(Effect="Allow")))
    .violated(
        "an extra condition",
        policy(
            POLICY,
            deny_plain_http(
                Condition={
                    "Bool": {"aws:SecureTransport": "false"},
                    "StringEquals": {"aws:PrincipalAccount": "123456789012"},
                }
            ),
        ),
    )
    .violated(
        "an extra key of the same operator",
        policy(
            POLICY,
            deny_plain_http(
                Condition={"Bool": {"aws:SecureTransport": "false", "aws:ViaAWSService": "false"}}
            ),
        ),
    )
    .violated(
        "denies what is encrypted",
        policy(POLICY, deny_plain_http(Condition={"Bool": {"aws:SecureTransport": "true"}})),
    )
    .violated("no condition", policy(POLICY, deny_plain_http(Condition=None)))
    .violated("reading only", policy(POLICY, deny_plain_http(Action="s3:GetObject")))
    .violated("all but reading", policy(POLICY, deny_plain_http(Action=None, NotAction="s3:GetObject")))
    .violated("one principal only", policy(POLICY, deny_plain_http(Principal={"AWS": "123456789012"})))
    .violated(
        "all but one principal",
        policy(POLICY, deny_plain_http(Principal=None, NotPrincipal={"AWS": "1"})),
    )
    .violated(
        "the bucket without its objects",
        policy(POLICY, deny_plain_http(Resource=f"arn:aws:s3:::{NAME}")),
    )
    .violated(
        "the objects without the bucket",
        policy(POLICY, deny_plain_http(Resource=f"arn:aws:s3:::{NAME}/*")),
    )
    .violated(
        "some of the objects",
        policy(
            POLICY, deny_plain_http(Resource=[f"arn:aws:s3:::{NAME}", f"arn:aws:s3:::{NAME}/public/*"])
        ),
    )
    .violated("another bucket", policy(POLICY, deny_plain_http("somebody-elses-bucket")))
    .violated(
        "document read at apply allows",
        read_at_apply(POLICY, statement(["s3:GetObject"], refers=REFERS, everybody=True)),
    )
    .violated(
        "document read at apply has an extra condition",
        read_at_apply(
            POLICY,
            statement(
                ["s3:*"],
                effect="Deny",
                refers=REFERS,
                condition=("StringEquals", "aws:SecureTransport", "false"),
                everybody=True,
            ),
        ),
    )
    .violated(
        "only the sibling module has one",
        in_modules("store", MODULES, optional="aws_s3_bucket_policy", only_in="y"),
    )
    .undetermined("policy known after apply", unknown(POLICY, "policy"))
    .undetermined(
        "document read at apply merges another",
        read_at_apply(POLICY, statement(["s3:GetObject"], refers=REFERS), merges="{}"),
    )
    .undetermined(
        "document read at apply with unknown resources",
        read_at_apply(
            POLICY,
            statement(
                ["s3:*"], effect="Deny", refers=["local.arns"], condition=INSECURE, everybody=True
            ),
        ),
    )
    .undetermined(
        "document read at apply with a dynamic condition",
        read_at_apply(POLICY, DENIES),
        unknown(DOCUMENT, "statement[0].condition", "local.conditions"),
    )
    .undetermined(
        "document read at apply with dynamic statements",
        read_at_apply(POLICY, DENIES),
        unknown(DOCUMENT, "statement", "local.statements"),
    )
    .undetermined("policy of an unknown bucket", unknown(POLICY, "bucket", "local.bucket")),
    Scenario("CST-04.1", only("corrected", BUCKET, LIFECYCLE))
    .satisfied("expire and move")
    .satisfied(
        "only move",
        left_out(LIFECYCLE, "rule[0].expiration"),
        left_out(LIFECYCLE, "rule[0].noncurrent_version_expiration"),
    )
    .violated("no lifecycle", without(LIFECYCLE))
    .violated("as inherited", base=only("inherited", BUCKET))
    .violated("switched off", known(LIFECYCLE, "rule[0].status", "Disabled"))
    .violated(
        "only aborts uploads",
        left_out(LIFECYCLE, "rule[0].expiration"),
        left_out(LIFECYCLE, "rule[0].noncurrent_version_expiration"),
        left_out(LIFECYCLE, "rule[0].transition"),
    )
    .violated(
        "only removes markers",
        left_out(LIFECYCLE, "rule[0].expiration[0].days"),
        known(LIFECYCLE, "rule[0].expiration[0].expired_object_delete_marker", True),
        left_out(LIFECYCLE, "rule[0].noncurrent_version_expiration"),
        left_out(LIFECYCLE, "rule[0].transition"),
    )
    .violated(
        "only the sibling module has one",
        in_modules("store", MODULES, optional="aws_s3_bucket_lifecycle_configuration", only_in="y"),
    )
    .undetermined("status known after apply", unknown(LIFECYCLE, "rule[0].status"))
    .undetermined("rules known after apply", unknown(LIFECYCLE, "rule"))
    .undetermined("lifecycle of an unknown bucket", unknown(LIFECYCLE, "bucket", "local.bucket")),
]
