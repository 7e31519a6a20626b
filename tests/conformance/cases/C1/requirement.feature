Feature: data that was read while planning, in the second feature file

  Scenario: asked
    When we examine every data source "aws_ami"
    Then every "owner_id" must be "123"
