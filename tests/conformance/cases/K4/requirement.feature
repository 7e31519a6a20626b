Feature: a list with one element

  Scenario: asked
    When we examine every planned "aws_thing"
    And we keep those whose "names[*]" is "a"
    Then every "names[*]" must be "a"
