Feature: a misspelt name in a filter

  Scenario: asked
    When we examine every planned "aws_db_instance"
    And we keep those whose "storage_encryptd" is "false"
    Then there must be none
