# Stage 2 of the upgrade: the encrypted copy takes over. See legacy.tf for the commands before it.
resource "aws_db_instance" "main" {
  snapshot_identifier = var.database_snapshot
}
