Feature: a reference to a module of a longer name

  Scenario: asked
    When we examine every planned "aws_subnet"
    Then its "vpc_id" must refer to a "aws_vpc"
