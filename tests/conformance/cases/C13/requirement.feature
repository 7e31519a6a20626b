Feature: a filter on a switch that nobody set

  Scenario: asked
    When we examine every planned "aws_db_instance"
    And we keep those whose "storage_encrypted" is "false"
    Then there must be none
