Feature: what does not have an attribute, inside a block

  Scenario: asked
    When we examine every planned "aws_thing"
    And we keep those whose "rule[*].a" is not set
    Then there must be at least 1
