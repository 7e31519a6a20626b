Feature: a scenario that does not begin with Given

  Scenario: asked
    When we examine every planned "aws_db_instance"
    Then every "storage_encrypted" must be "true"
