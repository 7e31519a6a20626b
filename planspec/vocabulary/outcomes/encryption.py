"""Outcomes about encryption at rest and in transit."""

from typing import Final

from planspec.judgements.capacity import engine_settings
from planspec.judgements.durability import bucket_settings, durability
from planspec.judgements.encryption import buckets, keys
from planspec.judgements.exposure import load_balancers
from planspec.vocabulary import forms, subjects
from planspec.vocabulary.model import Outcome

_KMS: Final = "it must be encrypted with a KMS key"
_OWN: Final = "it must be encrypted with a customer managed KMS key"
_TLS: Final = "it must refuse connections without TLS"


def _at_rest(subject: str) -> Outcome:
    told = ("storage_encrypted", "true", "Its storage is encrypted.")
    return Outcome(
        subject,
        forms.ENABLED,
        "encryption at rest",
        lambda a: durability.encrypted_at_rest(a.plan, a.databases),
        *told,
    )


OUTCOMES: Final = (
    _at_rest(subjects.DB_INSTANCE),
    _at_rest(subjects.DATABASE),
    Outcome(
        subjects.BUCKET,
        _KMS,
        "",
        lambda a: buckets.are_encrypted(a.plan, a.resources),
        "aws_s3_bucket_server_side_encryption_configuration",
        "aws:kms; AES256 of a bucket for load balancer logs",
        "Its default encryption is with a KMS key; which one is not judged.",
        ("encryption", "SSE-KMS"),
    ),
    Outcome(
        subjects.LOG_GROUP,
        _OWN,
        "",
        lambda a: keys.have_a_key(a.plan, a.resources, "kms_key_id"),
        "kms_key_id",
        "a key, not one that AWS manages",
        "It is encrypted with a KMS key that the customer manages, not with alias/aws/.",
        ("encryption",),
    ),
    Outcome(
        subjects.TOPIC,
        _OWN,
        "",
        lambda a: keys.have_a_key(a.plan, a.resources, "kms_master_key_id"),
        "kms_master_key_id",
        "a key, not one that AWS manages",
        "It is encrypted with a KMS key that the customer manages, not with alias/aws/.",
        ("encryption",),
    ),
    Outcome(
        subjects.BUCKET,
        _TLS,
        "",
        lambda a: buckets.demand_tls(a.plan, a.resources),
        "aws_s3_bucket_policy",
        "Deny where aws:SecureTransport is false",
        "Its policy denies requests over plain HTTP.",
        ("encryption in transit",),
    ),
    Outcome(
        subjects.DB_INSTANCE,
        _TLS,
        "",
        lambda a: engine_settings.demand_tls(a.plan, a.databases),
        "rds.force_ssl, require_secure_transport, tls or db2comm of its parameter group",
        "the one of its engine is on",
        "It refuses clients without TLS.",
        ("encryption in transit",),
    ),
    Outcome(
        subjects.LISTENER,
        forms.APPROVED_LIST,
        "security policy",
        lambda a: load_balancers.present_tls(a.plan, a.resources, a.parameters.exposure),
        "ssl_policy",
        "one that the policies list",
        "A listener with TLS offers only versions that the policies accept.",
        ("TLS version",),
    ),
    Outcome(
        subjects.KEY,
        forms.ENABLED,
        "automatic key rotation",
        lambda a: keys.are_renewed(a.resources),
        "enable_key_rotation",
        "true",
        "AWS rotates its key material; only symmetric encryption keys are checked.",
    ),
    Outcome(
        subjects.KEY,
        forms.AT_LEAST,
        "the deletion waiting period",
        lambda a: keys.can_be_had_back(a.resources, minimum_days=a.number),
        "deletion_window_in_days",
        "days; 30 by default",
        "A key that is scheduled for deletion can be restored for so long.",
        unit="days",
    ),
    Outcome(
        subjects.BUCKET,
        forms.ENABLED,
        "S3 Bucket Keys",
        lambda a: bucket_settings.ask_for_keys_once(a.plan, a.resources),
        "aws_s3_bucket_server_side_encryption_configuration: bucket_key_enabled",
        "true",
        "A bucket with a KMS key asks for it once, not for every object.",
    ),
)
