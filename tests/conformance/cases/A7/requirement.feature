Feature: a variable or an output that must hold something

  Scenario: asked
    When we examine every variable of the configuration
    Then every "value" must be set
    When we examine every planned "aws_db_instance"
    Then every "storage_encrypted" must be "true"
