Feature: its key must not be a value

  Scenario: asked
    When we examine every planned "aws_thing"
    Then every "kind" must not be "y"
