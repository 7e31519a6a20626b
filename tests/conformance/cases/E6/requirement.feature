Feature: the region of an alias comes from a variable

  Scenario: asked
    When we examine every provider of the configuration
    Then every "region" must be "eu-west-1"
    When we examine every planned "aws_thing"
    Then every "size" must be "1"
