Feature: a version that looks like a number

  Scenario: asked
    When we examine every planned "aws_db_instance"
    Then every "engine_version" must be "13.10"
