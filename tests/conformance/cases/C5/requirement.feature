Feature: the name of a tag that is only longer

  Scenario: asked
    When we examine every planned "aws_thing"
    And we keep those whose "tags.Name" matches "web.*"
    Then every "tags" must contain "Nam"
