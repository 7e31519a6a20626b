Feature: another version that is the same number

  Scenario: asked
    When we examine every planned "aws_db_instance"
    Then every "engine_version" must be "13.1"
