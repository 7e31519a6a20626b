resource "aws_db_subnet_group" "main" {
  name       = local.name
  subnet_ids = data.aws_subnets.public.ids
}

resource "aws_db_instance" "main" {
  identifier     = "${local.name}-db"
  engine         = "postgres"
  engine_version = "13.15"
  instance_class = "db.t3.micro"

  allocated_storage = 400
  storage_type      = "io1"
  iops              = 3000

  db_name  = var.db_name
  username = var.db_username
  password = var.db_password

  db_subnet_group_name   = aws_db_subnet_group.main.name
  vpc_security_group_ids = [aws_security_group.database.id]
  publicly_accessible    = true
  multi_az               = false
  storage_encrypted      = false

  backup_retention_period    = 0
  skip_final_snapshot        = true
  deletion_protection        = false
  auto_minor_version_upgrade = false
  apply_immediately          = true
}
