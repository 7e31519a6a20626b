Feature: a backslash in a table of examples

  Scenario Outline: asked
    When we examine every planned "aws_thing"
    Then every "name" must match "<pattern>"

    Examples:
      | pattern |
      | \d |
