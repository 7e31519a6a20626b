Feature: a value that apply decides, with no reference to follow

  Scenario: asked
    When we examine every planned "aws_thing"
    Then every "arn" must be set
