# Stages 2 to 5 of the upgrade: the old database under an address of its own.
#
# Problem: the encrypted database is a new one, and the old one must outlive it until everybody is
# sure. Fix: a copy of a snapshot can be encrypted. The service stands still from 2 to 8.
#
#   cluster=classifier-production service=classifier-production-api database=classifier-production-db
#   export AWS_PAGER=""
#
# 1. The day before, while the service runs: a snapshot, so that the last one only holds what changed since.
#      aws rds create-db-snapshot --db-instance-identifier "$database" \
#        --db-snapshot-identifier classifier-production-day-before
#      aws rds wait db-snapshot-available --db-snapshot-identifier classifier-production-day-before
# 2. Stop the service, so that nobody writes any more; autoscaling must not start it again.
#      scaling() {
#        aws application-autoscaling register-scalable-target --service-namespace ecs \
#          --scalable-dimension ecs:service:DesiredCount --resource-id "service/$cluster/$service" \
#          --suspended-state "DynamicScalingInSuspended=$1,DynamicScalingOutSuspended=$1,ScheduledScalingSuspended=$1"
#      }
#      scaling true
#      aws ecs update-service --cluster "$cluster" --service "$service" --desired-count 0
#      aws ecs wait services-stable --cluster "$cluster" --services "$service"
# 3. Take the old name away. The new database gets the same name, and with it the same host name.
#      aws rds modify-db-instance --db-instance-identifier "$database" \
#        --new-db-instance-identifier "$database-legacy" --apply-immediately
#      until aws rds describe-db-instances --db-instance-identifier "$database-legacy"; do sleep 10; done
#      aws rds wait db-instance-available --db-instance-identifier "$database-legacy"
# 4. aws rds create-db-snapshot --db-instance-identifier "$database-legacy" \
#      --db-snapshot-identifier classifier-production-cut-over
#    aws rds wait db-snapshot-available --db-snapshot-identifier classifier-production-cut-over
# 5. aws rds copy-db-snapshot --source-db-snapshot-identifier classifier-production-cut-over \
#      --target-db-snapshot-identifier classifier-production-encrypted \
#      --kms-key-id alias/classifier-production-data
#    aws rds wait db-snapshot-available --db-snapshot-identifier classifier-production-encrypted
#    (The waiter gives up after half an hour: call it again.)
# 6. terraform state mv aws_db_instance.main 'aws_db_instance.legacy[0]'
#    terraform state mv aws_db_subnet_group.main 'aws_db_subnet_group.legacy[0]'
#    (`moved` blocks are not possible: both old addresses stay in use.)
#    Remove 1-beside_override.tf and before.tf; copy this file and 2-cut-over_override.tf beside the others.
#    The new database gets a subnet group of its own, under another name: the old one stands in public subnets,
#    and RDS takes none out of a group that is in use.
# 7. `plan -var database_snapshot=classifier-production-encrypted` (1-beside_override.tf has `plan`), read the
#    verdicts, apply, and wait:
#      aws rds wait db-instance-available --db-instance-identifier "$database"
#    A restored disk is filled from S3 while it is read, so that each first read is slow. Read all of it, as
#    the master user, from where the database can be reached, and let the planner look at it:
#      host="$(aws rds describe-db-instances --db-instance-identifier "$database" \
#        --query 'DBInstances[0].Endpoint.Address' --output text)"
#      curl -o rds-global-bundle.pem https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem
#      login="host=$host dbname=classifier user=postgres sslmode=verify-full sslrootcert=rds-global-bundle.pem"
#      psql "$login" -c 'GRANT classifier_app TO postgres'     # whose tables are read as well
#      pg_dump --dbname "$login" > /dev/null
#      psql "$login" -c 'VACUUM (ANALYZE)'
# 8. Start the service again, and look:
#      aws ecs update-service --cluster "$cluster" --service "$service" --desired-count 2
#      aws ecs wait services-stable --cluster "$cluster" --services "$service"
#      scaling false
#      curl --fail "https://classifier.example.com/health"
#
# How long it is away: plan three hours for 400 GB, and measure it on a copy first. Minutes for the name, for
# the snapshot (the day before has the rest) and for the restore; the encrypted copy is a full one, about an
# hour at 100 MB a second, and reading the disk once as long again.
#
# The way back: until 8 nothing was written to the new database; rename it, give the old one its name again,
# and start the tasks. After 8, what was written since is lost, or has to be carried over by hand.
#
# Why not copy while the service runs: logical replication (or DMS) into an encrypted database of 16 would
# be away for minutes only. It wants a parameter group and a restart of the old database, keys on every
# table, sequences and later DDL by hand, and a user with rights to replicate. At this size and at night three
# hours are cheaper than that; if they are not, this is the stage to change.
#
# Every plan from here on has `-var database_snapshot=classifier-production-encrypted` too. Stage 3:
# 3-version_override.tf, PostgreSQL 16. Stage 4: remove that file again; the next plan gives the
# database its standby (`multi_az`), which stops nothing, and no longer allows a major version.
#
# Stage 5, when a week has passed: apply with `-var legacy_database=released`, which takes the
# protection off, then with `-var legacy_database=removed`. That deletes the old database, after a
# last snapshot; CHG-01.1 refuses it, and somebody has to say yes. Then remove this file again: nothing of
# the upgrade is left. The next plan has no changes, and from here on the pipeline takes over:
# until then its gate refuses the old, unencrypted database, as it should.
variable "database_snapshot" {
  description = "Encrypted copy of the old database's last snapshot"
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.database_snapshot))
    error_message = "A snapshot is named by its identifier: lowercase letters, digits and single hyphens."
  }
}

variable "legacy_database" {
  description = "The old database: protected, released (may be deleted) or removed"
  type        = string
  default     = "protected"

  validation {
    condition     = contains(["protected", "released", "removed"], var.legacy_database)
    error_message = "The old database is protected, released or removed."
  }
}

resource "aws_db_subnet_group" "legacy" {
  count = var.legacy_database == "removed" ? 0 : 1

  name        = local.name
  description = "Managed by Terraform"
  subnet_ids  = local.public_subnet_ids
}

resource "aws_db_instance" "legacy" {
  count = var.legacy_database == "removed" ? 0 : 1

  identifier     = "${local.name}-db-legacy"
  engine         = "postgres"
  engine_version = "13.15"
  instance_class = "db.t3.micro"

  allow_major_version_upgrade = false
  auto_minor_version_upgrade  = false
  apply_immediately           = true

  allocated_storage = 400
  storage_type      = "io1"
  iops              = 3000

  db_name  = var.database_name
  username = var.database_admin

  db_subnet_group_name                = aws_db_subnet_group.legacy[0].name
  vpc_security_group_ids              = [aws_security_group.database.id]
  publicly_accessible                 = false
  network_type                        = "IPV4"
  multi_az                            = false
  iam_database_authentication_enabled = false
  storage_encrypted                   = false

  backup_retention_period   = 35
  backup_window             = "00:30-01:30"
  copy_tags_to_snapshot     = true
  delete_automated_backups  = false
  deletion_protection       = var.legacy_database == "protected"
  skip_final_snapshot       = false
  final_snapshot_identifier = "${local.name}-db-legacy-final"

  performance_insights_enabled    = false
  monitoring_interval             = 60
  monitoring_role_arn             = aws_iam_role.database_monitoring.arn
  enabled_cloudwatch_logs_exports = ["postgresql", "upgrade"]
}
