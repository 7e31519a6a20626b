Feature: an attribute that only a neighbour has

  Scenario: asked
    When we examine every planned "aws_lambda_function"
    Then every "permissions_boundary" must be set
