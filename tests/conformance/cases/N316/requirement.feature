Feature: attributes called resources, outputs and variables

  Scenario: asked
    When we examine every planned "aws_thing"
    Then every "resources[*]" must be "a"
