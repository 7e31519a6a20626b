# From stage 2 of the upgrade on, and for as long as an upgraded environment lives.
#
# Problem: the old database stands in public subnets, and RDS takes no subnet out of a group that is
# in use. A group cannot be renamed, nor a database moved to another group of the same VPC.
# Fix: the new database gets a group of its own, under another name. A fresh environment needs none
# of this.
resource "aws_db_subnet_group" "main" {
  name = "${local.name}-private"
}
