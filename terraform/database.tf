resource "aws_db_subnet_group" "main" {
  # RDS takes no subnet out of a group that is in use, renames no group, and moves no database to another
  # one: the inherited group, which has the plain name, stays until the old database goes (upgrade/).
  name        = "${local.name}-private"
  description = "Private subnets in three zones"

  # Problem: it stood in the public subnets, where one wrong rule puts the database on the internet.
  # Fix: private subnets (EXP-10.1), in three zones (AVA-03.2).
  subnet_ids = local.private_subnet_ids
}

resource "aws_db_parameter_group" "main" {
  name        = "${local.name}-postgres16"
  description = "Connections, TLS and slow queries for ${local.name}"
  family      = "postgres16"

  # Problem: the limit was whatever the instance class gave (about 80), and nobody knew the number.
  # Fix: state it. 4 tasks x 2 for a deployment x 2 processes x 5 connections = 80 at the peak, 14 in
  # reserve, and 26 to spare: one more task still fits. autoscaling.tf refuses a larger demand. CAP-01.1
  # This class would take about 400. Fewer on purpose: each connection is a process with 5 to 10 MB of
  # its own, and 400 of them would take the 4 GB from the cache; a leak ends at a number that we know.
  parameter {
    name         = "max_connections"
    value        = "120"
    apply_method = "pending-reboot"
  }

  # Problem: clients could connect without TLS, so queries and passwords could be read on the way.
  # Fix: the database turns them away. ENC-06.1
  parameter {
    name         = "rds.force_ssl"
    value        = "1"
    apply_method = "immediate"
  }

  # Problem: a connection that a crashed task left inside a transaction stayed for a day.
  # Fix: it comes back after a minute. CAP-03.1
  parameter {
    name         = "idle_in_transaction_session_timeout"
    value        = "60000"
    apply_method = "immediate"
  }

  # Problem: nobody could see who connected and what was slow when the connections ran out.
  # Fix: the log says both. OBS-02.4
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

  # `ddl` writes CREATE ROLE and ALTER ROLE as they came, a password in them too. So passwords of roles
  # are set with psql's \password or as a SCRAM verifier, which never send the password itself.
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

  # Problem: PostgreSQL 13 was at its end of life. Fix: a version with years to go (CHG-05.1). The
  # major only: RDS withdraws each minor after a year or two, and raises it by itself; with a minor
  # here, the next apply would ask RDS to go back, which it refuses (CHG-03.2). A slip in the major must
  # not upgrade it: that is allowed for the time of an upgrade only (upgrade/3-version, CHG-14.1).
  engine                      = "postgres"
  engine_version              = "16"
  allow_major_version_upgrade = false
  ca_cert_identifier          = "rds-ca-rsa2048-g1"

  # Problem: security fixes were switched off, and every change restarted the database at once.
  # Fix: fixes come by themselves (CHG-03.1), and what interrupts waits for Sunday night (CHG-04.1).
  auto_minor_version_upgrade = true
  apply_immediately          = false
  maintenance_window         = "sun:02:00-sun:03:00"

  # Problem: 1 GB of memory, of an old generation. Fix: a current class (CST-02.1), on Graviton
  # (CST-09.2), with memory for the 120 connections that the parameter group states.
  instance_class       = var.database_instance_class
  parameter_group_name = aws_db_parameter_group.main.name

  # Problem: 3000 operations a second were paid by the piece, and the disk could run full.
  # Fix: gp3 includes 3000 below 400 GiB and 12,000 from there on (CST-02.2, CST-14.4); the disk grows by
  # itself (CAP-04.1). RDS cannot make a volume smaller, so production's 400 stay.
  storage_type          = "gp3"
  allocated_storage     = var.database_storage_gib
  max_allocated_storage = 2 * var.database_storage_gib

  db_name  = var.database_name
  username = var.database_admin

  # Problem: a `password` stands in clear text in the code, in the state and in every plan.
  # Fix: RDS makes it, keeps it in Secrets Manager and rotates it there. SEC-02.1, SEC-03.1
  # Who has a role can sign in without any (CKV_AWS_161).
  manage_master_user_password         = true
  master_user_secret_kms_key_id       = aws_kms_key.data.key_id
  iam_database_authentication_enabled = true

  # Problem: the database had a public address, and whoever tried could knock.
  # Fix: private subnets and no address (EXP-01.1), one way in (security_groups.tf).
  db_subnet_group_name   = aws_db_subnet_group.main.name
  vpc_security_group_ids = [aws_security_group.database.id]
  publicly_accessible    = false
  network_type           = "IPV4"

  # Problem: one zone, so that each failure and each maintenance was an outage.
  # Fix: a standby in another zone, which takes over by itself. AVA-02.1
  multi_az = true

  # Problem: disk, snapshots and backups in clear text.
  # Fix: our own key. This cannot be changed in place: RDS would make a new, empty database. The way
  # is to restore an encrypted copy of a snapshot, in the stages of upgrade/. ENC-01.1
  storage_encrypted = true
  kms_key_id        = aws_kms_key.data.arn

  # Problem: no backups, so what was deleted was gone. Fix: 35 days, the most that RDS keeps
  # (DUR-01.1). They carry the tags, so that their cost has an owner (CST-06.2).
  backup_retention_period = 35
  backup_window           = "00:30-01:30"
  copy_tags_to_snapshot   = true

  # Problem: a `destroy` took everything with it, the backups too, without asking.
  # Fix: no deletion while this stands (DUR-02.1), then a last snapshot (DUR-02.2), and the backups
  # stay (DUR-02.3).
  deletion_protection       = true
  skip_final_snapshot       = false
  final_snapshot_identifier = "${local.name}-db-final"
  delete_automated_backups  = false

  # Problem: when the connections ran out there was nothing to look at.
  # Fix: what queries wait for (OBS-02.1), figures of the machine (OBS-02.2), and the logs where they
  # can be searched (OBS-02.3).
  performance_insights_enabled          = true
  performance_insights_kms_key_id       = aws_kms_key.data.arn
  performance_insights_retention_period = 7 # longer costs extra
  monitoring_interval                   = 60
  monitoring_role_arn                   = aws_iam_role.database_monitoring.arn
  enabled_cloudwatch_logs_exports       = ["postgresql", "upgrade"]

  # The rule of its group is there before it gets the group, or the tasks lose it for a moment. RDS refuses
  # a role for enhanced monitoring that may not write yet.
  depends_on = [
    aws_cloudwatch_log_group.database,
    aws_iam_role_policy_attachment.database_monitoring,
    aws_vpc_security_group_ingress_rule.database_api,
  ]
}

# Problem: the host name was pasted into a file after the first apply, and was wrong after a restore.
# Fix: Terraform writes it where ECS reads it. CHG-08.1
resource "aws_ssm_parameter" "database_host" {
  name        = local.database_host_name
  description = "Host name of the database of ${local.name}"
  type        = "SecureString"
  key_id      = aws_kms_key.data.key_id
  value       = aws_db_instance.main.address
}

# The application's own database user, not the master. It is made and rotated outside Terraform, so
# that its password never stands in a state. The secret is read here, so there is no plan without it.
data "aws_secretsmanager_secret" "database" {
  name = "${local.name}/database"
}

locals {
  database_host_name = "/${local.name}/database/host"
  database_host_arn  = "${local.arn_prefix.ssm}:parameter${local.database_host_name}"
}
