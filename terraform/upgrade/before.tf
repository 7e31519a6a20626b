# Stage 1 of the upgrade: what the old tasks need, for as long as they run or may come back. Stage 2 comes
# without this file, and removes it.
#
# Problem: the service gets new security groups and roles. Taken away at once, the old ones cut the old tasks
# off from the load balancer, the database and the images before new tasks are healthy, and a rollback finds
# no way in and no right to start.
# Fix: for this stage both are there. The old ones keep their identifiers, less what was open to the world and
# every right that no task uses. Move the addresses of the groups before the plan:
#
#   for group in alb api database; do
#     terraform state mv "aws_security_group.$group" "aws_security_group.${group}_before"
#   done
#
# `moved` blocks are not possible: the old addresses stay in use. Where two groups would name each other in
# their own rules, which cannot be made, the addresses of the VPC stand for one of them.
data "aws_iam_policy_document" "before" {
  source_policy_documents = [
    data.aws_iam_policy_document.execution.json,
    data.aws_iam_policy_document.task.json,
  ]
}

resource "aws_iam_role" "ecs" {
  name               = "${local.name}-ecs"
  assume_role_policy = data.aws_iam_policy_document.tasks_assume.json
}

resource "aws_iam_role_policy" "ecs" {
  name   = "${local.name}-ecs"
  role   = aws_iam_role.ecs.id
  policy = data.aws_iam_policy_document.before.json
}

resource "aws_security_group" "alb_before" {
  name        = "${local.name}-alb"
  description = "Load balancer"
  vpc_id      = data.aws_vpc.main.id

  ingress = [] # callers come by the new group

  egress {
    description = "To the old tasks"
    from_port   = var.container_port
    to_port     = var.container_port
    protocol    = "tcp"
    cidr_blocks = [data.aws_vpc.main.cidr_block]
  }

  # Stage 2 takes it off first, and deletes it then.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "api_before" {
  name        = "${local.name}-api"
  description = "API containers"
  vpc_id      = data.aws_vpc.main.id

  ingress {
    description     = "From the load balancer, by its old group and by its new one"
    from_port       = var.container_port
    to_port         = var.container_port
    protocol        = "tcp"
    security_groups = [aws_security_group.alb_before.id, aws_security_group.alb.id]
  }

  egress {
    description = "HTTPS to AWS: images, logs, S3"
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    description = "To the database"
    from_port   = 5432
    to_port     = 5432
    protocol    = "tcp"
    cidr_blocks = [data.aws_vpc.main.cidr_block]
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "database_before" {
  name        = "${local.name}-database"
  description = "PostgreSQL"
  vpc_id      = data.aws_vpc.main.id

  egress = []

  ingress {
    description     = "PostgreSQL from the old tasks"
    from_port       = 5432
    to_port         = 5432
    protocol        = "tcp"
    security_groups = [aws_security_group.api_before.id]
  }

  lifecycle {
    create_before_destroy = true
  }
}
