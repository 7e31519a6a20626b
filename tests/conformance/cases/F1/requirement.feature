Feature: an unfinished word

  Scenario: asked
    When we examine every planned "aws_db_instance"
    Then every "engine_version" must be nul
