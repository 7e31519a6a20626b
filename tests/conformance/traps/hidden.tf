# One reference makes a whole set unknown in the plan; what stands beside it is only here.

variable "office" {
  type    = list(string)
  default = ["0.0.0.0/0"]
}

locals {
  open  = "::/0"
  ports = { http = 80, https = 443 }
  rules = { db = { port = 5432, from = aws_security_group.other.id } }
}

resource "aws_security_group" "other" {
  name = "other"
}

resource "aws_security_group" "blocks" {
  name = "blocks"

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = var.office
  }
  ingress {
    from_port       = 5432
    to_port         = 5432
    protocol        = "tcp"
    security_groups = [aws_security_group.other.id]
  }
  dynamic "ingress" {
    for_each = local.ports
    content {
      from_port        = ingress.value
      to_port          = ingress.value
      protocol         = "tcp"
      ipv6_cidr_blocks = [local.open]
    }
  }
}

resource "aws_security_group_rule" "set" {
  type              = "ingress"
  from_port         = 22
  to_port           = 22
  protocol          = "tcp"
  security_group_id = aws_security_group.other.id
  cidr_blocks       = ["0.0.0.0/0", "${aws_eip.office.public_ip}/32"]
}

resource "aws_eip" "office" {}

resource "aws_iam_role" "app" {
  name               = "app"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [] })
}

resource "aws_iam_role_policy" "app" {
  name = "app"
  role = aws_iam_role.app.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "*", Resource = "*" },
      { Effect = "Allow", Action = ["s3:GetObject"], Resource = "${aws_s3_bucket.data.arn}/*" },
    ]
  })
}

resource "aws_s3_bucket" "data" {
  bucket_prefix = "data-"
}

resource "aws_instance" "each" {
  for_each      = toset(["a", "b"])
  ami           = "ami-12345678"
  instance_type = "t3.micro"

  vpc_security_group_ids = ["sg-0123456789abcdef0", local.rules.db.from]
}
