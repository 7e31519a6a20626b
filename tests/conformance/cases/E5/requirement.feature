Feature: at least 7, and it is 0.1

  Scenario: asked
    When we examine every planned "aws_thing"
    Then every "size" must be at least 7
