# Problem: all three groups were open to the world, the database's too, with rules inside the
# groups. Terraform does not remove an inline rule when its block is deleted: it stays, unmanaged.
# Fix: new groups (another name makes new ones, and they are in place before the old ones go), with
# one resource for each rule, so that each rule has a description and shows in the plan by itself.
# Nothing but the load balancer is open to the world. EXP-02.1
resource "aws_security_group" "alb" {
  name        = "${local.name}-load-balancer"
  description = "Load balancer: web traffic from the internet to the API"
  vpc_id      = data.aws_vpc.main.id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_security_group" "api" {
  name        = "${local.name}-api-tasks"
  description = "API tasks: from the load balancer, to the database and AWS"
  vpc_id      = data.aws_vpc.main.id

  lifecycle {
    create_before_destroy = true
  }
}

# Problem: a database that is taken over could send data anywhere.
# Fix: no rule for outgoing traffic; PostgreSQL only answers. EXP-06.1
resource "aws_security_group" "database" {
  name        = "${local.name}-postgresql"
  description = "PostgreSQL: from the API tasks only"
  vpc_id      = data.aws_vpc.main.id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_ingress_rule" "alb_https" {
  security_group_id = aws_security_group.alb.id
  description       = "HTTPS from anywhere"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "alb_http" {
  security_group_id = aws_security_group.alb.id
  description       = "HTTP from anywhere, answered with a redirect to HTTPS"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
}

# Problem: a broken load balancer could call home on any port. Fix: it reaches the tasks. EXP-06.1
resource "aws_vpc_security_group_egress_rule" "alb_api" {
  security_group_id            = aws_security_group.alb.id
  description                  = "To the API tasks"
  referenced_security_group_id = aws_security_group.api.id
  ip_protocol                  = "tcp"
  from_port                    = var.container_port
  to_port                      = var.container_port
}

# Problem: callers could go around the load balancer, to every port of a task.
# Fix: it is the only one who may come, on the one port. EXP-02.1
resource "aws_vpc_security_group_ingress_rule" "api_alb" {
  security_group_id            = aws_security_group.api.id
  description                  = "From the load balancer"
  referenced_security_group_id = aws_security_group.alb.id
  ip_protocol                  = "tcp"
  from_port                    = var.container_port
  to_port                      = var.container_port
}

# Problem: a broken task could send data anywhere on any port. Fix: HTTPS only. EXP-06.1
resource "aws_vpc_security_group_egress_rule" "api_https" {
  security_group_id = aws_security_group.api.id
  description       = "HTTPS to AWS: images, secrets, logs, S3"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "api_database" {
  security_group_id            = aws_security_group.api.id
  description                  = "To the database"
  referenced_security_group_id = aws_security_group.database.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}

# Problem: anybody on the internet could try passwords. Fix: only our tasks may come (EXP-02.1), named
# by their group and not by addresses that others may get (EXP-07.1).
resource "aws_vpc_security_group_ingress_rule" "database_api" {
  security_group_id            = aws_security_group.database.id
  description                  = "PostgreSQL from the API tasks"
  referenced_security_group_id = aws_security_group.api.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
}
