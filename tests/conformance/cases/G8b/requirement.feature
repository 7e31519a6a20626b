Feature: a filter on a key inside a block

  Scenario: asked
    When we examine every planned "aws_thing"
    And we keep those whose "block[*].open" is "true"
    Then there must be none
