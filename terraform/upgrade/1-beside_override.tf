# Stage 1 of the upgrade: everything else first. Copy this file beside the others, plan and apply.
#
# Problem: `storage_encrypted` cannot change in place. The naive plan deletes the database, with all
# that is in it, and makes an empty one (plans/upgrade.json; CHG-01.1 refuses it).
# Fix: leave the old database under its address as it is, and only make it safe: closed to the
# internet, backed up, protected, watched. What a new version, class or disk would risk waits.
#
# Backups that are switched on restart the database once: apply this in a quiet hour, with
# `-var maximum_tasks=2`. The old class accepts about 80 connections, and two tasks open 40 at most.
resource "aws_db_subnet_group" "main" {
  name        = local.name
  description = "Managed by Terraform"
  subnet_ids  = local.public_subnet_ids
}

resource "aws_db_instance" "main" {
  engine_version              = "13.15"
  allow_major_version_upgrade = false
  auto_minor_version_upgrade  = false
  apply_immediately           = true # the protection must stand before the next stage
  ca_cert_identifier          = null
  maintenance_window          = null

  instance_class        = "db.t3.micro"
  parameter_group_name  = null
  storage_type          = "io1"
  iops                  = 3000
  max_allocated_storage = null
  multi_az              = false

  # The master's password stays until the copy takes over, and leaves the state now.
  manage_master_user_password         = null
  master_user_secret_kms_key_id       = null
  iam_database_authentication_enabled = false

  storage_encrypted = false
  kms_key_id        = null

  performance_insights_enabled          = false
  performance_insights_kms_key_id       = null
  performance_insights_retention_period = null
}
