data "aws_vpc" "main" {
  tags = {
    Name = var.vpc_name
  }
}

data "aws_subnets" "private" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.main.id]
  }

  tags = {
    Tier = "private"
  }
}

data "aws_subnets" "public" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.main.id]
  }

  tags = {
    Tier = "public"
  }
}

# One by one as well, so that the plan shows in which zones they are.
data "aws_subnet" "private" {
  for_each = toset(data.aws_subnets.private.ids)

  id = each.value

  lifecycle {
    postcondition {
      condition     = !self.map_public_ip_on_launch
      error_message = "Subnet ${self.id} is tagged private and gives out public addresses."
    }
  }
}

data "aws_subnet" "public" {
  for_each = toset(data.aws_subnets.public.ids)

  id = each.value
}

data "aws_route_tables" "private" {
  vpc_id = data.aws_vpc.main.id

  filter {
    name   = "tag:Tier"
    values = ["private"]
  }

  # Problem: route tables without the tag were passed over, and the endpoint for S3 served nobody.
  # Fix: no plan without them.
  lifecycle {
    postcondition {
      condition     = length(self.ids) > 0
      error_message = "VPC ${var.vpc_name} has no route table with the tag Tier = private; the S3 endpoint needs them."
    }
  }
}

locals {
  private_subnet_ids = sort([for subnet in data.aws_subnet.private : subnet.id])
  public_subnet_ids  = sort([for subnet in data.aws_subnet.public : subnet.id])
}
