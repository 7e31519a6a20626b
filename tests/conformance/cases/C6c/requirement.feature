Feature: a pattern on the entries of a list

  Scenario: asked
    When we examine every planned "aws_thing"
    Then some "rule[*].key" must match "a-.*"
