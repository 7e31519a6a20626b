Feature: a filter on a value that apply decides

  Scenario: asked
    When we examine every planned "aws_db_instance"
    And we keep those whose "storage_encrypted" is "false"
    Then there must be none
