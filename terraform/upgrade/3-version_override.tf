# Stage 3 of the upgrade: PostgreSQL 13 becomes 16, in place, on the encrypted database.
#
# Remove 2-cut-over_override.tf and copy this file beside the others. `scaling`, `$cluster`, `$service`,
# `$database` and `$login` are those of legacy.tf. RDS has to offer 16 to 13.15, and tells:
#
#   aws rds describe-db-engine-versions --engine postgres --engine-version 13.15 --include-all \
#     --query 'DBEngineVersions[0].ValidUpgradeTarget[?IsMajorVersionUpgrade].EngineVersion' --output text
#
# Stop the service, and take the snapshot that is the way back:
#
#   scaling true
#   aws ecs update-service --cluster "$cluster" --service "$service" --desired-count 0
#   aws ecs wait services-stable --cluster "$cluster" --services "$service"
#   aws rds create-db-snapshot --db-instance-identifier "$database" \
#     --db-snapshot-identifier classifier-production-before-16
#   aws rds wait db-snapshot-available --db-snapshot-identifier classifier-production-before-16
#
# `plan -var database_snapshot=classifier-production-encrypted`, read the verdicts, apply, and wait:
#
#   aws rds wait db-instance-available --db-instance-identifier "$database"
#
# An upgrade leaves the planner without statistics: it plans every query blindly, and the first load is an
# outage of its own. So before anybody is let in, and an extension that is behind with ALTER EXTENSION:
#
#   psql "$login" -c 'ANALYZE VERBOSE' -c "SELECT name, installed_version, default_version \
#     FROM pg_available_extensions WHERE installed_version <> default_version"
#   aws ecs update-service --cluster "$cluster" --service "$service" --desired-count 2
#   aws ecs wait services-stable --cluster "$cluster" --services "$service"
#   scaling false
#
# How long it is away: plan half an hour, and measure it on a copy first; the data is not copied, so that its
# size hardly matters, and the number of tables does. Way back: until the tasks run again nothing was written, and the snapshot
# is restored as in stage 2. After that, what was written since is lost with it.
#
# Why not a blue/green deployment, which is away for a minute: it supports no password of the master user that
# RDS keeps in Secrets Manager, and it encrypts nothing, so that stage 2 would be there all the same
# (Amazon RDS User Guide, "Limitations and considerations for blue/green deployments").
resource "aws_db_instance" "main" {
  allow_major_version_upgrade = true
  apply_immediately           = true
  multi_az                    = false
}
