resource "aws_db_subnet_group" "main" {
  name        = local.name
  description = "Private subnets in three zones"
  subnet_ids  = local.private_subnet_ids
}

resource "aws_db_parameter_group" "main" {
  name        = "${local.name}-postgres16"
  description = "Connections, TLS and slow queries for ${local.name}"
  family      = "postgres16"

  # Problem: the limit was whatever the instance class gave (about 80), and nobody knew the number.
  # Fix: state it. 4 tasks x 2 for a deployment x 2 processes x 5 connections = 80 at the peak, and
  # 20 for RDS itself, migrations and people. See autoscaling.tf, which refuses a larger demand.
  parameter {
    name         = "max_connections"
    value        = "120"
    apply_method = "pending-reboot"
  }

  # Problem: clients could connect without TLS.
  parameter {
    name         = "rds.force_ssl"
    value        = "1"
    apply_method = "immediate"
  }

  # Problem: a connection that a crashed task left inside a transaction stayed for hours.
  parameter {
    name         = "idle_in_transaction_session_timeout"
    value        = "60000"
    apply_method = "immediate"
  }

  # Problem: nobody could see who connected and what was slow when the connections ran out.
  parameter {
    name         = "log_connections"
    value        = "1"
    apply_method = "immediate"
  }

  parameter {
    name         = "log_disconnections"
    value        = "1"
    apply_method = "immediate"
  }

  parameter {
    name         = "log_statement"
    value        = "ddl"
    apply_method = "immediate"
  }

  parameter {
    name         = "log_min_duration_statement"
    value        = "1000"
    apply_method = "immediate"
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "main" {
  identifier = "${local.name}-db"

  # Problem: PostgreSQL 13 was at its end of life, with minor upgrades switched off.
  engine                      = "postgres"
  engine_version              = "16.8"
  allow_major_version_upgrade = true
  auto_minor_version_upgrade  = true
  apply_immediately           = false
  maintenance_window          = "sun:02:00-sun:03:00"
  ca_cert_identifier          = "rds-ca-rsa2048-g1"

  # Problem: 1 GB of memory behind 400 GB with 3000 paid operations a second.
  # Fix: a current class with memory for 120 connections; gp3 includes 3000 operations and grows.
  instance_class        = var.database_instance_class
  parameter_group_name  = aws_db_parameter_group.main.name
  storage_type          = "gp3"
  allocated_storage     = 400 # RDS cannot make a volume smaller; a new database starts with 50.
  max_allocated_storage = 800

  db_name  = var.database_name
  username = var.database_admin

  # Problem: a `password` stands in clear text in the code, in the state and in every plan.
  # Fix: RDS makes it, keeps it in Secrets Manager and rotates it there.
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = aws_kms_key.data.key_id
  iam_database_authentication_enabled = true

  # Problem: the database had a public address, in public subnets, open to everybody.
  db_subnet_group_name   = aws_db_subnet_group.main.name
  vpc_security_group_ids = [aws_security_group.database.id]
  publicly_accessible    = false
  network_type           = "IPV4"

  # Problem: one zone, so that each failure and each maintenance was an outage.
  multi_az = true

  # Problem: disk, snapshots and backups in clear text.
  # Fix: our own key. This cannot be changed in place: RDS would make a new, empty database. The way
  # is to restore an encrypted copy of a snapshot, in the three stages of upgrade/.
  storage_encrypted = true
  kms_key_id        = aws_kms_key.data.arn

  # Problem: no backups, and a `destroy` that took everything with it without asking.
  # Fix: 35 days, the most that RDS keeps; a last snapshot; and no deletion while this stands.
  backup_retention_period   = 35
  backup_window             = "00:30-01:30"
  copy_tags_to_snapshot     = true
  delete_automated_backups  = false
  deletion_protection       = true
  skip_final_snapshot       = false
  final_snapshot_identifier = "${local.name}-db-final"

  # Problem: when the connections ran out there was nothing to look at.
  performance_insights_enabled          = true
  performance_insights_kms_key_id       = aws_kms_key.data.arn
  performance_insights_retention_period = 7 # longer costs extra
  monitoring_interval                   = 60
  monitoring_role_arn                   = aws_iam_role.database_monitoring.arn
  enabled_cloudwatch_logs_exports       = ["postgresql", "upgrade"]

  depends_on = [aws_cloudwatch_log_group.database]
}

# Problem: the host name was pasted into a file after the first apply, and was wrong after a restore.
# Fix: Terraform writes it where ECS reads it.
resource "aws_ssm_parameter" "database_host" {
  name        = local.database_host_name
  description = "Host name of the database of ${local.name}"
  type        = "SecureString"
  key_id      = aws_kms_key.data.key_id
  value       = aws_db_instance.main.address
}

# The application's own database user, not the master. It is made and rotated outside Terraform, so
# that its password never stands in a state.
data "aws_secretsmanager_secret" "database" {
  name = "${local.name}/database"
}

locals {
  database_host_name = "/${local.name}/database/host"
  database_host_arn  = "${local.arn_prefix.ssm}:parameter${local.database_host_name}"
}
