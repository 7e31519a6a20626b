Feature: one of a list, and there is one more

  Scenario: asked
    When we examine every planned "aws_thing"
    Then every "zones[*]" must be one of "a, b"
