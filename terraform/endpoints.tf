# Problem: every image went through the NAT gateway, which charges for each gigabyte.
# Fix: a gateway endpoint, which costs nothing. Interface endpoints for the other services would
# cost more per month than the NAT gateway that the VPC already has, at this service's traffic. CST-10.1
resource "aws_vpc_endpoint" "s3" {
  vpc_id            = data.aws_vpc.main.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = sort(data.aws_route_tables.private.ids)

  tags = {
    Name = "${local.name}-s3"
  }
}
