Feature: the same, asked of the rule itself

  Scenario: asked
    When we examine every planned "aws_vpc_security_group_ingress_rule"
    Then every "cidr_ipv4" must not be "0.0.0.0/0"
