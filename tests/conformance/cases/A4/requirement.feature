Feature: at least 7, and it is null

  Scenario: asked
    When we examine every planned "aws_db_instance"
    Then every "backup_retention_period" must be at least 7
