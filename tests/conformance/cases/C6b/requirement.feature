Feature: a pattern on a switch

  Scenario: asked
    When we examine every planned "aws_thing"
    And we keep those whose "open" matches "true"
    Then every "size" must be "1"
