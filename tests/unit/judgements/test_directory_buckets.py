"""Is what AWS does not offer for a directory bucket not applicable, and never satisfied or violated?"""

from collections.abc import Callable
from functools import partial

import pytest

from planspec import Judgement, Plan, ResourceChange, Verdict
from planspec.judgements.durability import bucket_settings
from tests.support.plans import plan, resource

Judges = Callable[[Plan, tuple[ResourceChange, ...]], Judgement]
VERSIONING, LOGGING = "versioning", "server access logging"
JUDGES = [
    pytest.param(bucket_settings.keep_versions, VERSIONING, id="versioning"),
    pytest.param(partial(bucket_settings.keep_old_versions, minimum_days=7), VERSIONING, id="versions"),
    pytest.param(bucket_settings.log_access, LOGGING, id="logging"),
]


@pytest.mark.parametrize(("judge", "what"), JUDGES)
def test_directory_buckets_alone_are_not_applicable(judge: Judges, what: str) -> None:
    judged = plan(resource("aws_s3_directory_bucket", "fast", bucket="fast--euw1-az1--x-s3"))
    judgement = judge(judged, judged.remaining("aws_s3_directory_bucket"))
    assert judgement.verdict is Verdict.NOT_APPLICABLE
    assert judgement.reason == f"AWS does not offer {what} for directory buckets"


@pytest.mark.parametrize(("judge", "what"), JUDGES)
def test_directory_buckets_are_left_out_beside_others(judge: Judges, what: str) -> None:
    general = resource("aws_s3_bucket", "images", bucket="images")
    judged = plan(general, resource("aws_s3_directory_bucket", "fast", bucket="fast--euw1-az1--x-s3"))
    chosen = judged.remaining("aws_s3_bucket", "aws_s3_directory_bucket")
    assert judge(judged, chosen).examined == ("aws_s3_bucket.images",)


@pytest.mark.parametrize(("judge", "what"), JUDGES)
def test_a_plan_without_buckets_needs_no_reason(judge: Judges, what: str) -> None:
    assert judge(plan(), ()).reason == ""
