Feature: a value that must not be in a list

  Scenario: asked
    When we examine every planned "aws_security_group_rule"
    Then every "cidr_blocks[*]" must not be "0.0.0.0/0"
