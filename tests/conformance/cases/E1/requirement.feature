Feature: a tag of the text "null"

  Scenario: asked
    When we examine every planned "aws_thing"
    Then every "tags.Owner" must be set
