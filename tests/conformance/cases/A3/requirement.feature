Feature: must contain a key that is null

  Scenario: asked
    When we examine every planned "aws_db_instance"
    Then every "kms_key_id" must be set
