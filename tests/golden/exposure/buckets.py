"""Golden plans about buckets and who can reach what is in them."""

from typing import Final

from tests.golden.recipe import Scenario
from tests.golden.settings import bucket_setting
from tests.support.cutting import only
from tests.support.iam_policies import allow, policy
from tests.support.making import another, in_modules, keyed
from tests.support.other_policies import lets
from tests.support.recipe_edits import (
    known,
    left_out,
    unknown,
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
READER: Final = {"AWS": f"arn:aws:iam::{ACCOUNT}:role/reader"}
BUCKET_POLICY: Final = "aws_s3_bucket_policy.images"

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
]
