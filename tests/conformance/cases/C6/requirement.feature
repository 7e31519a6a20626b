Feature: a filter on name, beside an attribute name_prefix

  Scenario: asked
    When we examine every planned "aws_thing"
    And we keep those whose "name" matches "web"
    Then every "size" must be "2"
