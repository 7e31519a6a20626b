# Stages 2 and 3 of the upgrade: the old database under an address of its own.
#
# Problem: the encrypted database is a new one, and the old one must outlive it until everybody is
# sure. Fix: a copy of a snapshot can be encrypted. The service stands still from 1 to 6.
#
# 1. Take the old name away, so that nobody writes any more. The new database gets the same name,
#    and with it the same host name:
#      aws rds modify-db-instance --db-instance-identifier classifier-production-db \
#        --new-db-instance-identifier classifier-production-db-legacy --apply-immediately
# 2. aws rds create-db-snapshot --db-instance-identifier classifier-production-db-legacy \
#      --db-snapshot-identifier classifier-production-cut-over
# 3. aws rds copy-db-snapshot --source-db-snapshot-identifier classifier-production-cut-over \
#      --target-db-snapshot-identifier classifier-production-encrypted \
#      --kms-key-id alias/classifier-production-data
# 4. terraform state mv aws_db_instance.main 'aws_db_instance.legacy[0]'
#    terraform state mv aws_db_subnet_group.main 'aws_db_subnet_group.legacy[0]'
#    (`moved` blocks are not possible: both old addresses stay in use.)
# 5. Remove 1-beside_override.tf; copy this file, 2-cut-over_override.tf and subnet_group_override.tf
#    beside the others.
# 6. Plan with `-var database_snapshot=classifier-production-encrypted`, judge the plan, apply.
#
# The way back from here: rename the new database, give the old one its name again.
#
# Stage 3, when a week has passed: apply with `-var legacy_database=released`, which takes the
# protection off, then with `-var legacy_database=removed`. That deletes the old database, after a
# last snapshot; CHG-01.1 refuses it, and somebody has to say yes. Then remove this file and
# 2-cut-over_override.tf again; subnet_group_override.tf stays. The next plan has no changes.
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
