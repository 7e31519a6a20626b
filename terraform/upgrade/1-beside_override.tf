# Stage 1 of the upgrade: everything but the database, which is only made safe. Stage 0 comes before it
# (0-scale-in_override.tf). Copy this file and before.tf beside the others, move the three addresses
# that before.tf names, plan, judge and apply. Every plan of stages 1 to 5 is made like this, with the
# digest of the image that the job build of deploy.yml has pushed:
#
#   plan() {
#     terraform plan -var-file=environments/production.tfvars -var image_digest="$digest" -out=tfplan "$@" || return
#     planspec check tfplan --source . || echo "read what is open before: terraform apply tfplan"
#   }
#
# Problem: `storage_encrypted` cannot change in place. The naive plan deletes the database, with all
# that is in it, and makes an empty one (plans/upgrade.json; CHG-01.1 refuses it).
# Fix: leave the old database under its address as it is, and only make it safe: closed to the
# internet, backed up, protected, watched. What a new version, class or disk would risk waits.
#
# This stage is `plan -var maximum_tasks=3`: old and new tasks open 10 connections each, at most six of them run in a
# deployment, and the old class accepts 78, 14 of them in reserve.
#
# How long it is away: backups that are switched on restart the database, one or two minutes, and the tasks
# reconnect by themselves. Apply in a quiet hour. Port 80 answers with a redirect from now on.
# Way back: ECS goes back to the old tasks by itself, and finds its groups. The commit before, applied, takes
# the rest back; the database was not touched otherwise.
locals {
  # The old database has no parameters of ours: 78 connections, 14 of them in reserve. The alarm rings at 80 %
  # of the rest (CAP-02.2).
  connection_budget = 64
}

resource "aws_lb" "main" {
  security_groups = [aws_security_group.alb.id, aws_security_group.alb_before.id]
}

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

  vpc_security_group_ids = [aws_security_group.database.id, aws_security_group.database_before.id]

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
