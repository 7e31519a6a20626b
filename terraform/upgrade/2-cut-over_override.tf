# Stage 2 of the upgrade: the encrypted copy takes over, with the version that it has. legacy.tf has the
# commands before it.
#
# Problem: a snapshot of PostgreSQL 13 that is restored with the parameter group of 16 is refused: the family
# has to be that of the version. And encryption, three major versions, a class, a disk and a second zone in
# one step leave nothing to tell apart when it fails.
# Fix: this stage changes what a restore has to make new anyway, the disk and the machine; the version and
# its parameter group come in stage 3, the second zone in stage 4.
resource "aws_db_instance" "main" {
  snapshot_identifier = var.database_snapshot

  engine_version             = "13.15"
  auto_minor_version_upgrade = false
  parameter_group_name       = "default.postgres13"
  multi_az                   = false
}
