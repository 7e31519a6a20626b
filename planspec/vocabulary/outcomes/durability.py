"""Outcomes about data that stays: backups, snapshots, versions and deletion."""

from typing import Final

from planspec.judgements.durability import bucket_settings, durability
from planspec.vocabulary import forms, subjects
from planspec.vocabulary.model import Judge, Outcome


def _of_both(form: str, name: str, judge: Judge, *told: str, unit: str = "") -> tuple[Outcome, Outcome]:
    """One that databases of every service are asked, also those that RDS does not run."""
    argument, values, meaning = told
    return (
        Outcome(subjects.DB_INSTANCE, form, name, judge, argument, values, meaning, unit=unit),
        Outcome(subjects.DATABASE, form, name, judge, argument, values, meaning, unit=unit),
    )


OUTCOMES: Final = (
    *_of_both(
        forms.AT_LEAST,
        "backup retention",
        lambda a: durability.keep_backups(a.databases, minimum_days=a.number),
        "backup_retention_period",
        "days",
        "It keeps its automated backups for so long.",
        unit="days",
    ),
    *_of_both(
        forms.ENABLED,
        "deletion protection",
        lambda a: durability.protected_from_deletion(a.databases),
        "deletion_protection",
        "true",
        "It cannot be deleted before the protection is taken away.",
    ),
    Outcome(
        subjects.DB_INSTANCE,
        forms.ENABLED,
        "the final snapshot on deletion",
        lambda a: durability.leave_a_final_snapshot(a.databases),
        "skip_final_snapshot",
        "false",
        "A database that is deleted leaves a last snapshot.",
    ),
    Outcome(
        subjects.DB_INSTANCE,
        forms.ENABLED,
        "backup retention after deletion",
        lambda a: durability.backups_outlive(a.databases),
        "delete_automated_backups",
        "false",
        "Its automated backups stay when it is deleted.",
    ),
    Outcome(
        subjects.BUCKET,
        forms.ENABLED,
        "versioning",
        lambda a: bucket_settings.keep_versions(a.plan, a.resources),
        "aws_s3_bucket_versioning",
        "Enabled",
        "It keeps what is overwritten or deleted.",
    ),
    Outcome(
        subjects.BUCKET,
        forms.AT_LEAST,
        "noncurrent version retention",
        lambda a: bucket_settings.keep_old_versions(a.plan, a.resources, minimum_days=a.number),
        "aws_s3_bucket_lifecycle_configuration: noncurrent_version_expiration",
        "days; without a rule they stay",
        "No lifecycle rule expires what was overwritten or deleted earlier than that.",
        ("versioning", "lifecycle"),
        unit="days",
    ),
    Outcome(
        subjects.STORE,
        forms.DISABLED,
        "force deletion",
        lambda a: durability.keep_their_contents(a.resources),
        "force_destroy, force_delete",
        "false",
        "It is not deleted together with what is in it.",
    ),
    Outcome(
        subjects.TABLE,
        forms.ENABLED,
        "point-in-time recovery",
        lambda a: durability.go_back_in_time(a.plan, a.resources),
        "point_in_time_recovery",
        "enabled, also of each replica",
        "It can go back to any moment, in each region that it lies in.",
        ("PITR", "backup"),
    ),
)
