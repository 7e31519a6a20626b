Feature: one of a list, written without braces

  Scenario: asked
    When we examine every planned "aws_thing"
    Then every "kind" must be one of "a, b"
