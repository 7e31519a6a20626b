Feature: a reference that only the first of two has

  Scenario: asked
    When we examine every planned "aws_instance"
    Then its "subnet_id" must refer to a "aws_subnet"
